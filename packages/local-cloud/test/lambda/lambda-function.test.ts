import { MAX_REQUEST_BYTES } from '../../src/lambda/result';
import { Functions, handler, lives, until } from './functions';

const functions = new Functions();
afterAll(() => functions.close());

describe('an invocation', () => {
  it('gives the handler event and context, and the caller its result', async () => {
    const worker = functions.create(
      handler(`
        const { getRemainingTimeInMillis, awsRequestId, logStreamName, ...plain } = context;
        return { event, plain, awsRequestId, left: getRemainingTimeInMillis(), gone: undefined, when: new Date(0) };
      `),
      { timeoutSeconds: 7 },
    );

    const result = await worker.invoke({ number: 1, when: new Date(0), gone: undefined });

    expect(result).toEqual({
      ok: true,
      payload: {
        event: { number: 1, when: '1970-01-01T00:00:00.000Z' },
        plain: {
          callbackWaitsForEmptyEventLoop: true,
          functionName: 'worker',
          functionVersion: '$LATEST',
          invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
          memoryLimitInMB: '512',
          logGroupName: '/aws/lambda/worker',
        },
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        left: expect.any(Number),
        when: '1970-01-01T00:00:00.000Z',
      },
    });
    const { left } = (result as unknown as { payload: { left: number } }).payload;
    expect(left).toBeGreaterThan(6_000);
    expect(left).toBeLessThanOrEqual(7_000);
  });

  it('gives null for a handler that returns nothing', async () => {
    expect(await functions.create(handler('')).invoke({})).toEqual({ ok: true, payload: null });
  });

  it('takes a handler that is not asynchronous', async () => {
    expect(await functions.create('exports.handler = (event) => event.a').invoke({ a: 1 })).toEqual({
      ok: true,
      payload: 1,
    });
  });

  it('has its own trace', async () => {
    const worker = functions.create(handler('return process.env._X_AMZN_TRACE_ID'));

    expect(await worker.invoke({}, { traceId: 'Root=1-2-3' })).toEqual({ ok: true, payload: 'Root=1-2-3' });
    expect(await worker.invoke({})).toEqual({
      ok: true,
      payload: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    });
  });

  it('sees the variables of template, Lambda and caller, and none of the parent', async () => {
    process.env.PARENTS_SECRET = 'visible';
    process.env.NODE_OPTIONS = '--no-warnings';
    const worker = functions.create(handler('return process.env'), {
      name: 'env',
      applicationLogLevel: 'WARN',
      environment: { FROM_CALLER: 'yes', AWS_REGION: 'eu-west-1' },
    });
    const result = await worker.invoke({});
    delete process.env.PARENTS_SECRET;
    delete process.env.NODE_OPTIONS;

    expect((result as { payload?: unknown }).payload).toEqual({
      FROM_TEMPLATE: 'yes',
      FROM_CALLER: 'yes',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.any(String),
      AWS_ACCESS_KEY_ID: 'env',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
      AWS_LAMBDA_LOG_LEVEL: 'WARN',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: expect.stringMatching(/^[0-9a-f-]{36}$/),
      LAMBDA_TASK_ROOT: expect.stringMatching(/function-/),
      TZ: 'UTC',
    });
  });

  it('logs line by line', async () => {
    const worker = functions.create(handler(`console.log('one\\ntwo'); console.error('three');`));
    await worker.invoke({});
    await until(() => functions.lines.includes('three'));

    expect(functions.lines).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  });
});

describe('a failure', () => {
  const thrown = { kind: 'handled', errorType: 'RangeError', errorMessage: 'no such call' };
  it.each([
    ['an error of the handler', handler(`throw new RangeError('no such call')`), thrown],
    ['an error before the first wait', `exports.handler = () => { throw new RangeError('no such call') }`, thrown],
    ['a thrown text', handler(`throw 'broken'`), { kind: 'handled', errorType: 'string', errorMessage: 'broken' }],
    ['a result that JSON cannot hold', handler('return 1n'), { kind: 'handled', errorType: 'TypeError' }],
    [
      'a result over the limit',
      handler(`return 'x'.repeat(7e6)`),
      { kind: 'handled', errorType: 'Function.ResponseSizeTooLarge' },
    ],
    [
      'an exit',
      handler('process.exit(3)'),
      { kind: 'crash', errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/) },
    ],
    [
      'a crash',
      handler(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})`),
      { kind: 'crash', errorMessage: expect.stringMatching(/signal: SIGKILL$/) },
    ],
    [
      'an error outside the handler',
      handler(`setTimeout(() => { throw new Error('late') }); await new Promise((r) => setTimeout(r, 1000))`),
      { kind: 'crash', errorMessage: expect.stringMatching(/exit status 1$/) },
    ],
    [
      'an error while the code loads',
      `throw new Error('no settings')`,
      { kind: 'init', errorType: 'Error', errorMessage: 'no settings' },
    ],
    [
      'an exit while the code loads',
      'process.exit(4)',
      { kind: 'init', errorMessage: expect.stringMatching(/exit status 4$/) },
    ],
    [
      'a missing module',
      `require('./nowhere')`,
      {
        kind: 'init',
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringMatching(/^Cannot find module/),
      },
    ],
    ['a missing handler', 'exports.other = 1', { kind: 'init', errorType: 'Runtime.HandlerNotFound' }],
    [
      'a handler with a callback',
      'exports.handler = (event, context, callback) => callback()',
      { kind: 'init', errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
  ])('is the result of %s', async (_, source, expected) => {
    expect(await functions.create(source).invoke({})).toMatchObject({ ok: false, ...expected });
  });

  it('is the result of a handler file that is not there', async () => {
    const worker = functions.create('', { handler: 'other.handler' });

    expect(await worker.invoke({})).toMatchObject({ kind: 'init', errorType: 'Runtime.ImportModuleError' });
  });

  it.each([
    ['waits', 'await new Promise(() => setTimeout(() => {}, 60_000))'],
    ['never yields', 'for (;;) {}'],
  ])('is the result of a handler that %s past the timeout, and its process is killed', async (_, body) => {
    const worker = functions.create(handler(`console.log('pid', process.pid); ${body}`), { timeoutSeconds: 2 });
    const result = await worker.invoke({});
    await until(() => functions.lines.some((line) => line.startsWith('pid')));
    const pid = Number(functions.lines.find((line) => line.startsWith('pid'))?.split(' ')[1]);
    functions.lines.length = 0;

    expect(result).toEqual({
      ok: false,
      kind: 'timeout',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 2\.00 seconds$/),
    });
    expect(worker.environmentCount).toBe(0);
    await until(() => !lives(pid));
  });

  it('is the result of an event over the limit, without a run', async () => {
    const worker = functions.create(handler(''));

    expect(await worker.invoke('x'.repeat(MAX_REQUEST_BYTES - 1))).toMatchObject({ kind: 'too_large' });
    expect(worker.environmentCount).toBe(0);
    expect(await worker.invoke('x'.repeat(MAX_REQUEST_BYTES - 2))).toEqual({ ok: true, payload: null });
  });

  it('shows where it happened in the log', async () => {
    await functions.create(handler(`throw new Error('look here')`)).invoke({});
    await until(() => functions.lines.some((line) => line.includes('look here')));

    expect(functions.lines.find((line) => line.includes('look here'))).toMatch(/^Invoke Error .*index\.js:1/);
  });
});
