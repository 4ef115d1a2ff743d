import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeServer } from '../../sandbox';
import { FrontServer } from '../sandbox/front-server';

/** Answers with its key. */
const fake: FakeServer = {
  option: 'keyUrl',
  makeKey: randomUUID,
  async start(key) {
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/plain').end(key));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/key`,
      close: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
  },
};

let front: FrontServer;
beforeEach(async () => {
  front = await FrontServer.start(fake, 'the key');
});
afterEach(() => front.close());

const ask = async (): Promise<string> => {
  const response = await fetch(front.url, { signal: AbortSignal.timeout(500) });
  return `${response.status} ${await response.text()}`;
};

it('passes on what the fake answers, also after the key was replaced', async () => {
  expect(new URL(front.url).pathname).toBe('/key');
  expect(await ask()).toBe('200 the key');
  await front.serve('the next key');
  expect(await ask()).toBe('200 the next key');
});

it.each([
  ['down', 'fetch failed'],
  ['no_answer', 'The operation was aborted due to timeout'],
] as const)('%s: nobody gets an answer, until it works again', async (failing, message) => {
  await front.fail(failing);
  await expect(ask()).rejects.toThrow(message);
  await front.fail(undefined);
  expect(await ask()).toBe('200 the key');
});

it('unavailable: answers 503, until it works again', async () => {
  await front.fail('unavailable');
  expect(await ask()).toBe('503 ');
  await front.fail(undefined);
  expect(await ask()).toBe('200 the key');
});

it('other_key: answers with another key, the same each time, until it works again', async () => {
  await front.fail('other_key');
  const answer = await ask();
  expect(answer).toMatch(/^200 [0-9a-f-]{36}$/);
  expect(await ask()).toBe(answer);
  await front.fail(undefined);
  expect(await ask()).toBe('200 the key');
});
