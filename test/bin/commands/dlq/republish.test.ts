/** Events are put on the shared bus while EventBridge refuses some of the calls. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { sharedBusSink } from '../../../../bin/commands/dlq/republish';
import { localClientConfig } from '../../../../bin/local/client-config';

let eventBridge: Server;
beforeAll(async () => {
  eventBridge = createServer(async (request, response) => {
    const isRefused = (await text(request)).includes('refused');
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      isRefused ? '{"__type":"AccessDeniedException","message":"no"}' : '{"FailedEntryCount":0,"Entries":[{}]}',
    );
  }).listen(0, '127.0.0.1');
  await once(eventBridge, 'listening');
});
afterAll(() => eventBridge.close());

const sink = () =>
  sharedBusSink({
    outputs: { SharedBusName: 'shared' },
    clientConfig: localClientConfig(`http://127.0.0.1:${(eventBridge.address() as AddressInfo).port}`),
  });

const messageOf = (id: string) => ({
  Body: JSON.stringify({ source: 's', 'detail-type': 't', time: '2026-01-01T00:00:00Z', detail: { id } }),
});

it('tells which events are on the bus, though calls for others beside them failed', async () => {
  const messages = [messageOf('one'), messageOf('refused'), messageOf('two'), { Body: '{}' }];
  expect(await sink()(messages)).toEqual([messages[0], messages[2]]);
});

it('says why when none got there', async () => {
  await expect(sink()([messageOf('refused')])).rejects.toThrow('no');
});
