/**
 * The handler of all consumers. It takes a batch through three phases: claim the records, publish them together, settle
 * each. docs/adr/0014-three-phases.md explains why.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { createConsumerDynamoDbClient, createConsumerS3Client, createEventBridgeClient } from '../platform/clients';
import { isRepairEnabled, requiredVariable } from '../platform/environment';
import { count, METRIC } from '../platform/metrics';
import { type Claim, createClaim } from './claim';
import { createAddDue, createNoteBeginning } from './due';
import { createCountLife } from './life';
import { measureDelay, measurePublished } from './measure';
import { isLarge, parseMessage } from './message';
import { createNoteOccurrence } from './occurrences';
import { createReport } from './outcome';
import { createPublish, type PublishOutcome } from './publish';
import { createPutEvents } from './put-events';
import { type Runtimes, runtimeOf } from './runtimes';
import { createNoteTimes } from './stale';

/**
 * Milliseconds that records wait for each other's locks: one lock request that hangs must not delay the others for
 * long.
 */
const LONGEST_WAIT_MS = 250;

/** A record whose event only this invocation publishes. */
interface Claimed {
  readonly record: SQSRecord;
  readonly message: DeliveryMessage;
  readonly claim: Claim;
}

/** Makes the Lambda handler of a queue. The consumers of all families are the same; FAMILY is for the log. */
export function createConsumer(runtimes: Runtimes) {
  const tableName = requiredVariable('TABLE_NAME');
  const client = createConsumerDynamoDbClient();
  const claimMessage = createClaim(client, tableName);
  const putEvents = createPutEvents(createEventBridgeClient(), createNoteTimes(client, tableName));
  const noteOccurrence = createNoteOccurrence(client, tableName);
  const publish = createPublish(runtimes, createConsumerS3Client(), noteOccurrence, putEvents);
  const countLife = createCountLife(client, tableName);
  const noteBeginning = isRepairEnabled() ? createNoteBeginning(createAddDue(client, tableName)) : undefined;

  /** Marks a record as done once its event is published and counted, or is a duplicate; releases its lock otherwise. */
  const settle = async ({ message, claim }: Claimed, outcome: PublishOutcome): Promise<void> => {
    if (outcome.name !== 'published' && outcome.name !== 'duplicate') return claim.release();
    measureDelay(message);
    if (outcome.name === 'duplicate') return claim.markDone();
    const { event, draft, standing } = outcome;
    measurePublished(draft, message.provider);
    if (standing === 'stale') count(METRIC.stale, { type: draft.type });
    if (standing === 'unknown') count(METRIC.standingUnknown, { type: draft.type });
    const runtime = runtimeOf(runtimes, message.provider);
    await Promise.all([countLife(runtime, message, event), noteBeginning?.(runtime, message, event)]);
    await claim.markDone();
  };

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const { finish, batchItemFailures } = createReport(process.env.FAMILY);
    const claimed: Claimed[] = [];

    const claimRecord = async (record: SQSRecord): Promise<void> => {
      let message: DeliveryMessage | undefined;
      try {
        message = parseMessage(record.body);
        const claim = await claimMessage(message, context);
        if (typeof claim === 'string') finish(record, message, { name: claim });
        else claimed.push({ record, message, claim });
      } catch (error) {
        finish(record, message, { name: 'failed', error });
      }
    };

    const publishClaimed = async (): Promise<void> => {
      for (const group of groupsOf(claimed.splice(0))) {
        const outcomes = await publish(group.map(({ message }) => message));
        const settleOne = async (one: Claimed, index: number) => {
          const outcome = outcomes[index] as PublishOutcome;
          await settle(one, outcome);
          finish(one.record, one.message, outcome);
        };
        await Promise.all(group.map(settleOne));
      }
    };

    const claiming = Promise.all(Records.map(claimRecord)).then(() => true);
    let isComplete = false;
    while (!isComplete) {
      isComplete = await Promise.race([claiming, sleep(LONGEST_WAIT_MS, false, { ref: false })]);
      await publishClaimed();
    }
    return { batchItemFailures };
  };
}

/** Small records together, then each large one by itself: ten bodies of several megabytes do not fit into memory. */
const groupsOf = (claimed: readonly Claimed[]): Claimed[][] => [
  claimed.filter(({ message }) => !isLarge(message)),
  ...claimed.filter(({ message }) => isLarge(message)).map((one) => [one]),
];
