import type { MappingConfiguration } from '../../src/lambda/configuration';
import {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  type EventSourceQueue,
  startEventSourceMapping,
} from '../../src/lambda/event-source-mapping';
import { failure, type InvokeResult } from '../../src/lambda/result';
import { Queues } from '../../src/sqs/queues';
import { Functions, handler, until } from './functions';

interface SqsEvent {
  Records: Array<{ messageId: string; body: string }>;
}

const functions = new Functions();
const mappings: EventSourceMapping[] = [];
afterEach(() => Promise.all(mappings.splice(0).map((mapping) => mapping.stop())));
afterAll(() => functions.close());

/** A real queue of the local SQS with messages. */
function queueOf(...bodies: string[]) {
  const queue = new Queues().create('calls');
  for (const body of bodies) queue.send({ body });
  return queue;
}

function start(
  queue: EventSourceQueue,
  invoke: (event: SqsEvent) => Promise<InvokeResult>,
  configuration: Partial<MappingConfiguration> = {},
) {
  const errors: string[] = [];
  const options: EventSourceMappingOptions = {
    configuration: {
      functionName: 'worker',
      queueArn: queue.arn,
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      reportBatchItemFailures: true,
      ...configuration,
    },
    queue,
    invoke: (event) => invoke(event as SqsEvent),
    onError: (message) => errors.push(message),
  };
  const mapping = startEventSourceMapping(options);
  mappings.push(mapping);
  return { mapping, errors };
}

const done: InvokeResult = { ok: true, payload: null };
const left = (queue: ReturnType<typeof queueOf>) => {
  const { visible, inFlight } = queue.counts();
  return visible + inFlight;
};

describe('a mapping', () => {
  it('gives a function the event of SQS, and deletes what it has handled', async () => {
    const queue = queueOf();
    queue.send({
      body: '{"call":"ä"}',
      groupId: 'tenant',
      attributes: {
        kind: { DataType: 'String', StringValue: 'webhook' },
        raw: { DataType: 'Binary', BinaryValue: 'AAE=' },
      },
    });
    const worker = functions.create(handler('console.log(JSON.stringify(event)); return { batchItemFailures: [] }'));
    start(queue, (event) => worker.invoke(event));
    await until(() => functions.lines.length > 0 && left(queue) === 0);

    expect(JSON.parse(functions.lines[0]!)).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receiptHandle: expect.any(String),
          body: '{"call":"ä"}',
          attributes: expect.objectContaining({ ApproximateReceiveCount: '1', MessageGroupId: 'tenant' }),
          messageAttributes: {
            kind: { stringValue: 'webhook', stringListValues: [], binaryListValues: [], dataType: 'String' },
            raw: { binaryValue: 'AAE=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          },
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:calls',
          awsRegion: 'us-east-1',
        },
      ],
    });
  });

  it('takes no more than the batch size', async () => {
    const queue = queueOf('1', '2', '3', '4', '5');
    const sizes: number[] = [];
    const invoke = async (event: SqsEvent) => {
      sizes.push(event.Records.length);
      return done;
    };
    start(queue, invoke, { batchSize: 2 });
    await until(() => left(queue) === 0);

    expect(sizes).toEqual([2, 2, 1]);
  });

  it('waits through its window for a fuller batch', async () => {
    const queue = queueOf('1');
    const sizes: number[] = [];
    const invoke = async (event: SqsEvent) => {
      sizes.push(event.Records.length);
      return done;
    };
    start(queue, invoke, { batchSize: 12, maximumBatchingWindowSeconds: 1 });
    setTimeout(() => queue.send({ body: '2' }), 100);
    await until(() => left(queue) === 0 && sizes.length > 0);

    expect(sizes).toEqual([2]);
  });

  it('runs no more invocations at a time than allowed', async () => {
    const queue = queueOf('1', '2', '3', '4', '5', '6');
    let running = 0;
    let most = 0;
    const invoke = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return done;
    };
    start(queue, invoke, { batchSize: 1, maximumConcurrency: 2 });
    await until(() => left(queue) === 0);

    expect(most).toBe(2);
  });

  it('cuts a batch that would be too large for one event', async () => {
    const large = 'x'.repeat(1_000_000);
    const queue = queueOf(...Array.from({ length: 10 }, () => large));
    const worker = functions.create(handler('return { batchItemFailures: [] }'));
    const sizes: number[] = [];
    const { errors } = start(queue, (event) => {
      sizes.push(event.Records.length);
      return worker.invoke(event);
    });
    await until(() => left(queue) === 0);

    expect(sizes).toEqual([6, 4]);
    expect(errors).toEqual([]);
  });
});

describe('the messages', () => {
  const fails = (select: (event: SqsEvent) => unknown) => async (event: SqsEvent) =>
    ({ ok: true, payload: select(event) }) as InvokeResult;
  const second = (event: SqsEvent) => event.Records.find(({ body }) => body === '2')?.messageId;

  it('that a function names as failed come back, the others do not', async () => {
    const queue = queueOf('1', '2', '3');
    queue.setAttributes({ VisibilityTimeout: '1' });
    const seen: string[][] = [];
    const { errors } = start(queue, (event) => {
      seen.push(event.Records.map(({ body }) => body));
      return fails(() => (seen.length === 1 ? { batchItemFailures: [{ itemIdentifier: second(event) }] } : null))(
        event,
      );
    });
    await until(() => left(queue) === 0);

    expect(seen).toEqual([['1', '2', '3'], ['2']]);
    expect(errors).toEqual([]);
  });

  it.each([
    [
      'the function fails',
      async () => failure('handled', 'Error', 'no'),
      /^worker failed \(Error: no\); 3 messages of /,
    ],
    ['an identifier is empty', fails(() => ({ batchItemFailures: [{ itemIdentifier: '' }] })), /name no message/],
    [
      'an identifier is unknown',
      fails((event) => ({ batchItemFailures: [{ itemIdentifier: second(event) }, { itemIdentifier: 'x' }] })),
      /name no message/,
    ],
    ['an item has no identifier', fails(() => ({ batchItemFailures: [{ id: 'x' }] })), /name no message/],
    ['an item is null', fails(() => ({ batchItemFailures: [null] })), /name no message/],
    ['there is no list', fails(() => ({ batchItemFailures: 'all' })), /name no message/],
  ])('all come back when %s', async (_, invoke, message) => {
    const queue = queueOf('1', '2', '3');
    const { errors, mapping } = start(queue, invoke);
    await until(() => errors.length > 0);
    await mapping.stop();

    expect(errors[0]).toMatch(message);
    expect(left(queue)).toBe(3);
  });

  it.each([
    ['null', null],
    ['an object without the list', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('are all deleted when the answer is %s', async (_, payload) => {
    const queue = queueOf('1', '2');
    const { errors } = start(
      queue,
      fails(() => payload),
    );
    await until(() => left(queue) === 0);

    expect(errors).toEqual([]);
  });

  it('are all deleted without ReportBatchItemFailures, whatever the answer', async () => {
    const queue = queueOf('1', '2');
    start(
      queue,
      fails((event) => ({ batchItemFailures: [{ itemIdentifier: second(event) }] })),
      {
        reportBatchItemFailures: false,
      },
    );
    await until(() => left(queue) === 0);
  });
});

describe('the end of a mapping', () => {
  it('waits for the invocations in flight, and takes no more', async () => {
    const queue = queueOf('1');
    let finish = () => {};
    const running = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let invocations = 0;
    const { mapping } = start(queue, async () => {
      invocations += 1;
      await running;
      return done;
    });
    await until(() => invocations === 1);
    let stopped = false;
    const stopping = mapping.stop().then(() => {
      stopped = true;
    });
    queue.send({ body: '2' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stopped).toBe(false);

    finish();
    await stopping;
    expect(invocations).toBe(1);
    expect(queue.counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('does not wait for a long poll', async () => {
    const { mapping } = start(queueOf(), async () => done);
    const begun = performance.now();
    await mapping.stop();

    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

it('a queue that fails is reported, and tried again', async () => {
  const queue = queueOf('1');
  let calls = 0;
  const unreliable: EventSourceQueue = {
    arn: queue.arn,
    receive: (options) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('down')) : queue.receive(options);
    },
    delete: (receiptHandle) => queue.delete(receiptHandle),
  };
  const { errors } = start(unreliable, async () => done);
  await until(() => left(queue) === 0);

  expect(errors).toEqual([`Cannot receive from ${queue.arn}: down`]);
});
