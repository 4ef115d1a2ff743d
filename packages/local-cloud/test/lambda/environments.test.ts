import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Functions, handler, lives, until } from './functions';

const functions = new Functions();
afterAll(() => functions.close());

describe('an environment', () => {
  const counting = `let count = 0; ${handler('count += 1; return [process.pid, count]')}`;

  it('is used again', async () => {
    const worker = functions.create(counting);
    const first = await worker.invoke({});
    const second = await worker.invoke({});

    const pid = expect.any(Number);
    expect([first, second]).toEqual([
      { ok: true, payload: [pid, 1] },
      { ok: true, payload: [pid, 2] },
    ]);
    expect(worker.environmentCount).toBe(1);
  });

  it('is used again after an error of the handler', async () => {
    const worker = functions.create(
      `let count = 0; ${handler(`count += 1; if (event.fail) throw new Error(); return count`)}`,
    );
    await worker.invoke({ fail: true });

    expect(await worker.invoke({})).toEqual({ ok: true, payload: 2 });
  });

  it.each(['process.exit(1)', 'for (;;) {}'])('is replaced after %s', async (ending) => {
    const worker = functions.create(
      `let count = 0; ${handler(`count += 1; if (event.end) { ${ending} } return count`)}`,
      {
        timeoutSeconds: 2,
      },
    );
    await worker.invoke({});
    await worker.invoke({ end: true });

    expect(await worker.invoke({})).toEqual({ ok: true, payload: 1 });
    expect(worker.environmentCount).toBe(1);
  });

  it('is replaced when it ended between two events', async () => {
    const worker = functions.create(
      `let count = 0; ${handler('count += 1; setImmediate(() => process.exit()); return process.pid')}`,
    );
    const { payload: pid } = (await worker.invoke({})) as { payload: number };
    await until(() => !lives(pid));

    expect(await worker.invoke({})).toEqual({ ok: true, payload: expect.any(Number) });
  });

  it('handles one event at a time, and each concurrent event has one', async () => {
    const worker = functions.create(
      `let busy = 0; ${handler('busy += 1; await new Promise((r) => setTimeout(r, 200)); busy -= 1; return [process.pid, busy]')}`,
      { maxEnvironments: 3 },
    );
    const results = await Promise.all([1, 2, 3].map(() => worker.invoke({})));
    const payloads = results.map((result) => (result as { payload?: [number, number] }).payload);

    expect(payloads.map((payload) => payload?.[1])).toEqual([0, 0, 0]);
    expect(new Set(payloads.map((payload) => payload?.[0])).size).toBe(3);
    expect(worker.environmentCount).toBe(3);
  });

  it('is waited for in order once there are as many as allowed', async () => {
    const worker = functions.create(handler('await new Promise((r) => setTimeout(r, 20)); return event'), {
      maxEnvironments: 1,
    });
    const order: unknown[] = [];
    const numbers = [1, 2, 3, 4, 5, 6];
    await Promise.all(
      numbers.map(async (number) => {
        const result = await worker.invoke(number);
        order.push((result as { payload?: unknown }).payload);
      }),
    );

    expect(worker.environmentCount).toBe(1);
    expect(order).toEqual(numbers);
  });

  it('is refused above the reserved concurrency', async () => {
    const worker = functions.create(handler('await new Promise((r) => setTimeout(r, 100)); return 1'), {
      reservedConcurrentExecutions: 1,
    });
    const results = await Promise.all([worker.invoke({}), worker.invoke({})]);

    expect(results).toEqual([
      { ok: true, payload: 1 },
      { ok: false, kind: 'throttled', errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
    ]);
    expect(await worker.invoke({})).toEqual({ ok: true, payload: 1 });
  });
});

describe('the end', () => {
  it.each([
    ['idle', 'return process.pid'],
    ['deaf to SIGTERM', `process.on('SIGTERM', () => {}); return process.pid`],
  ])('takes an environment that is %s', async (_, body) => {
    const worker = functions.create(handler(body));
    const { payload: pid } = (await worker.invoke({})) as { payload: number };
    await worker.close();

    expect(lives(pid)).toBe(false);
    expect(await worker.invoke({})).toMatchObject({ ok: false, kind: 'crash' });
  });

  it('does not come with a Ctrl-C, which reaches every process of the terminal', async () => {
    const worker = functions.create(
      handler(`process.kill(process.pid, 'SIGINT'); await new Promise((r) => setTimeout(r, 50)); return 1`),
    );

    expect(await worker.invoke({})).toEqual({ ok: true, payload: 1 });
  });

  it('fails the event in flight', async () => {
    const worker = functions.create(handler('await new Promise(() => setTimeout(() => {}, 60_000))'));
    const invocation = worker.invoke({});
    await until(() => worker.environmentCount === 1);
    await worker.close();

    expect(await invocation).toMatchObject({ ok: false });
  });

  it('of the parent ends the environments too', async () => {
    const parent = fork(join(__dirname, 'parent.cjs'), { execArgv: ['--require', require.resolve('tsx/cjs')] });
    const { pid, folder } = await new Promise<{ pid: number; folder: string }>((resolve) =>
      parent.once('message', (message) => resolve(message as { pid: number; folder: string })),
    );
    expect(lives(pid)).toBe(true);

    parent.kill('SIGKILL');
    await until(() => !lives(pid));
    rmSync(folder, { recursive: true, force: true });
  });
});
