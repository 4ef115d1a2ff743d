import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendEvents } from '../../../bin/console/server-sent-events';
import { until } from '../../support/until';

const PART = 'x'.repeat(100_000);
const PARTS = 400;

it('waits for a page that reads slowly, and keeps nothing for it', async () => {
  let made = 0;
  async function* parts() {
    for (; made < PARTS; made++) yield PART;
  }
  let response: ServerResponse | undefined;
  const server = createServer((_request, answer) => {
    response = answer;
    void sendEvents(answer, parts(), String);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [incoming] = (await once(request({ port, host: '127.0.0.1' }).end(), 'response')) as [IncomingMessage];
  await until(() => response?.writableNeedDrain === true, 'the server to wait');
  expect(made).toBeLessThan(PARTS / 2);

  let text = '';
  let listeners = 0;
  for await (const chunk of incoming) {
    text += chunk;
    listeners = Math.max(listeners, response?.listenerCount('close') ?? 0);
  }
  expect(text.split('\n\n')).toHaveLength(PARTS + 2);
  expect(text).toMatch(/event: end\ndata: null\n\n$/);
  expect(listeners).toBeLessThan(5);
  server.close();
});
