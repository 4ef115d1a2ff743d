/** The handler that all consumers share: read each message, normalize, publish once; report the ones that failed. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Family, isSetAside, type MeetingEventType, type UnrecognizedReason } from '../../events';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { onceKeyOf } from '../ingest/identity';
import { createConsumerDynamoDbClient, createConsumerS3Client, createEventBridgeClient } from '../platform/clients';
import { newVariable, requiredVariable } from '../platform/environment';
import { createOnce, isInProgress, type OnceOutcome } from '../platform/idempotency';
import { createInTurn } from '../platform/in-turn';
import { describeError, logger } from '../platform/logger';
import { count, METRIC } from '../platform/metrics';
import { OBJECT_PREFIX, putObject } from '../platform/object-store';
import { PROVIDER_OUTPUTS } from '../providers';
import type { Normalized } from '../providers/normalize';
import { createGathering, type Gathering } from './gathering';
import { type CountLife, createCountLife } from './life';
import { measurePublished } from './measure';
import { draftOf, encodeEvent, meetingEventIn } from './meeting-event';
import { bodyOf, parseMessage } from './message';
import { createPublish } from './put-events';
import { readRaw } from './raw';
import { createNoteTimes, type NoteTimes, type Standing, statusTimeOf } from './stale';

const ONE_DAY_SECONDS = 24 * 3600;

/** Longer than a dead-letter queue keeps a message (14 days), so that a redrive publishes nothing twice. */
const QUEUES_DAYS = 15;

/** Longer than an archive keeps events, which is ten years at the most: so long the same event may be brought back again. */
const TEN_YEARS_DAYS = 3_660;

/** Thrown to leave no mark of the work: a later version may understand the event. */
class StillUnrecognizedError extends Error {}

/** Makes the Lambda handler of one family's queue. */
export function createConsumer(family: Family) {
  const tableName = requiredVariable('TABLE_NAME');
  const client = createConsumerDynamoDbClient();
  const onceWith = (keyPrefix: string, days: number) =>
    createOnce({
      ...{ tableName, client, keyPrefix, rememberSeconds: days * ONE_DAY_SECONDS },
      onUnmarked: (eventId, error) => logger.error('event_not_marked', { eventId, error: describeError(error) }),
    });
  // So long the archive may bring back the same delivery as it came a second time, without a proof.
  const once = onceWith('event', QUEUES_DAYS + Number(newVariable('ARCHIVE_DAYS', '30')));
  // Its id is marked already, by the event that was not recognized.
  const onceReprocessed = onceWith('reprocessed', TEN_YEARS_DAYS);
  const gathering = createGathering();
  const publishMessage = createPublishMessage(
    createNoteTimes(client, tableName),
    createCountLife(client, tableName),
    gathering,
  );
  const processor = new BatchProcessor(EventType.SQS);

  const runOnce = async (message: DeliveryMessage, work: () => Promise<void>): Promise<OnceOutcome> => {
    const { reprocess, eventId } = message;
    if (reprocess === undefined) return once.run(onceKeyOf(message), work);
    // The same delivery may have come twice: without a proof, and with one but not understood. Each is brought back by itself.
    const key = onceKeyOf({ eventId, unrecognized: reprocess });
    if (!isSetAside(reprocess)) return onceReprocessed.run(key, work);
    // What was set aside has left no mark under the event's id: the event may have come since, from a webhook that is proved.
    let outcome: OnceOutcome = 'run';
    const ifNew = async () => {
      outcome = await once.run(eventId, work);
    };
    return (await onceReprocessed.run(key, ifNew)) === 'run' ? outcome : 'seen';
  };

  const processRecord = async (record: SQSRecord): Promise<void> => {
    const told: Record<string, unknown> = { family, messageId: record.messageId };
    const startedAt = Date.now();
    const isReady = gathering.join();
    try {
      const message = parseMessage(record.body);
      Object.assign(told, {
        eventId: message.eventId,
        correlationId: message.correlationId,
        deliveryId: message.deliveryId,
        provider: message.provider,
        providerEvent: message.providerEvent,
      });
      const outcome = await runOnce(message, async () => {
        Object.assign(told, await publishMessage(message, isReady));
      });
      told.milliseconds = Date.now() - startedAt;
      logger.info('event', { ...told, outcome: outcome === 'run' ? 'published' : 'duplicate' });
    } catch (error) {
      told.milliseconds = Date.now() - startedAt;
      if (error instanceof StillUnrecognizedError) {
        logger.info('event', { ...told, outcome: 'still_unrecognized' });
        return;
      }
      if (isInProgress(error)) logger.info('event', { ...told, outcome: 'in_progress' });
      else logger.error('event', { ...told, outcome: 'failed', error: describeError(error) });
      throw error;
    } finally {
      isReady();
    }
  };

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    once.startInvocation(context);
    onceReprocessed.startInvocation(context);
    gathering.start(event.Records.length);
    return processPartialResponse(event, processRecord, processor, { context, throwOnFullBatchFailure: false });
  };
}

/** What was published; with a standing where the event has one, and why it was not recognized where that is so. */
interface Published {
  readonly type: MeetingEventType;
  readonly standing: Standing | undefined;
  readonly reason?: UnrecognizedReason;
  /** Where the payload is not as it should be, and what was expected there. Never a value. */
  readonly problems?: string;
}

/** Why an event was not recognized, for the log. */
const whyNot = (event: Normalized): Pick<Published, 'reason' | 'problems'> =>
  event.type === 'event.unrecognized'
    ? { reason: event.data.reason as UnrecognizedReason, problems: event.data.problems?.join('; ') }
    : {};

/**
 * Makes the function that publishes the event of a message on the intake bus. It calls `isReady` when the other records of the
 * batch need not wait for this one.
 */
function createPublishMessage(noteTimes: NoteTimes, countLife: CountLife, gathering: Gathering) {
  const s3 = createConsumerS3Client();
  const publish = createPublish(createEventBridgeClient(), noteTimes, gathering.whenComplete);
  const busName = requiredVariable('INTAKE_BUS_NAME');
  const bucket = requiredVariable('BUCKET_NAME');
  const inTurn = createInTurn();

  const publishMessage = async (message: DeliveryMessage, isReady: () => void): Promise<Published> => {
    const body = await bodyOf(s3, message.body);
    const meetingEvent = meetingEventIn(message, body);
    if (message.reprocess && meetingEvent.type === 'event.unrecognized') throw new StillUnrecognizedError();
    const draft = draftOf(message, meetingEvent);
    const raw = readRaw(body, PROVIDER_OUTPUTS[message.provider].credentialKeys);
    const detail = await encodeEvent(draft, raw, async (bytes) => {
      const prefix = draft.type === 'event.unrecognized' ? OBJECT_PREFIX.unrecognized : OBJECT_PREFIX.raw;
      const key = `${prefix}${message.provider}/${message.eventId}`;
      await putObject(s3, { bucket, key }, bytes);
      count(METRIC.claimCheck, { step: 'publish' });
      return `s3://${bucket}/${key}`;
    });
    const publishing = publish({
      EventBusName: busName,
      Source: draft.source,
      DetailType: draft.type,
      Detail: detail,
      ...(message.traceHeader !== undefined && { TraceHeader: message.traceHeader }),
      statusTime: statusTimeOf(message, meetingEvent),
    });
    isReady();
    const standing = await publishing;
    const delayMs = message.reprocess ? undefined : Date.now() - Date.parse(message.receivedTime);
    measurePublished(draft, message.provider, delayMs);
    await countLife(message, meetingEvent);
    if (standing === 'stale') count(METRIC.stale, { type: draft.type });
    if (standing === 'unknown') count(METRIC.standingUnknown, { type: draft.type });
    return { type: draft.type, standing, ...whyNot(meetingEvent) };
  };
  return (message: DeliveryMessage, isReady: () => void): Promise<Published> => {
    if ('base64' in message.body) return publishMessage(message, isReady);
    // Ten bodies of some megabytes at the same time would not fit into the memory; so nobody waits for these.
    isReady();
    return inTurn(() => publishMessage(message, isReady));
  };
}
