import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRule } from '../../src/faults/fault-rules';
import { Faults } from '../../src/faults/faults';
import { withFaults } from '../../src/faults/faulty-queue';
import { type EventSourceMapping, startEventSourceMapping } from '../../src/lambda/event-source-mapping';
import { Queues } from '../../src/sqs/queues';
import { createSqsService } from '../../src/sqs/sqs-service';
import { until } from '../lambda/functions';

const mappings: EventSourceMapping[] = [];
afterEach(() => Promise.all(mappings.splice(0).map((mapping) => mapping.stop())));

/** A queue with a dead-letter queue, and a mapping that feeds `worker` from it under a fault plan. */
function start(...faults: FaultRule[]) {
  const queues = new Queues();
  const deadLetters = queues.create('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 });
  const queue = queues.create('calls', { RedrivePolicy });
  const plan = new Faults({ services: () => [createSqsService(queues, '')], functionNamed: () => undefined });
  plan.replace({ seed: 1, faults });
  const received: string[] = [];
  const mapping = startEventSourceMapping({
    configuration: {
      functionName: 'worker',
      queueArn: queue.arn,
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      reportBatchItemFailures: true,
    },
    queue: withFaults(queue, 'worker', plan),
    invoke: async (event) => {
      received.push(...event.Records.map((record) => (record as { body: string }).body));
      return { ok: true, payload: null };
    },
  });
  mappings.push(mapping);
  const isEmpty = () => queue.messages().length === 0;
  return { queue, deadLetters, faults: plan, received, isEmpty };
}

describe('a queue that is down', () => {
  it('gives nothing until the plan is cleared, and loses nothing', async () => {
    const { queue, faults, received, isEmpty } = start({ service: 'sqs', fault: 'down' });
    queue.send({ body: 'one' });
    await delay(100);
    expect(received).toEqual([]);
    expect(queue.counts()).toMatchObject({ visible: 1, inFlight: 0 });
    expect(faults.status().injected).toEqual({ 'sqs.ReceiveMessage.down': 1 });

    faults.clear();
    await until(isEmpty);
    expect(received).toEqual(['one']);
  });

  it('gives nothing either when it goes down during a long poll', async () => {
    const { queue, faults, received } = start();
    await delay(50);
    faults.replace({ faults: [{ service: 'sqs', fault: 'down' }] });
    await delay(10);
    queue.send({ body: 'one' });
    await delay(100);

    expect(received).toEqual([]);
  });

  it('is up for the functions that the rule does not name', async () => {
    const { queue, received, isEmpty } = start({ service: 'sqs', fault: 'down', functionName: 'other' });
    queue.send({ body: 'one' });
    await until(isEmpty);

    expect(received).toEqual(['one']);
  });

  it('does not keep the mapping from its end', async () => {
    const { queue } = start({ service: 'sqs', fault: 'down' });
    queue.send({ body: 'one' });
    await delay(20);
    const begun = performance.now();
    await mappings.splice(0)[0]!.stop();

    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe('a message that is redelivered', () => {
  it('comes twice and no more', async () => {
    const { queue, faults, received, isEmpty } = start({ service: 'sqs', fault: 'redeliver' });
    queue.send({ body: 'one' });
    queue.send({ body: 'two' });
    await until(isEmpty);

    expect(received.toSorted()).toEqual(['one', 'one', 'two', 'two']);
    expect(faults.status().injected).toEqual({ 'sqs.DeleteMessage.redeliver': 2 });
  });

  it('is chosen by the rate', async () => {
    const { queue, received, isEmpty } = start({ service: 'sqs', fault: 'redeliver', rate: 0.5 });
    for (let number = 0; number < 200; number += 1) queue.send({ body: String(number) });
    await until(isEmpty);

    expect(new Set(received).size).toBe(200);
    expect(received.length).toBeGreaterThan(250);
    expect(received.length).toBeLessThan(350);
  });

  it('never ends in the dead-letter queue', async () => {
    const { queue, deadLetters, received, isEmpty } = start({ service: 'sqs', fault: 'redeliver' });
    queue.setAttributes({ ...queue.attributes, RedrivePolicy: queue.attributes.RedrivePolicy!.replace('2', '1') });
    queue.send({ body: 'one' });
    await until(isEmpty);

    expect(received).toEqual(['one']);
    expect(deadLetters.messages()).toEqual([]);
  });
});
