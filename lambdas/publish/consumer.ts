/** The handler that all consumers share: read each message, normalize, publish once; report the ones that failed. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Family, MeetingEventType, UnrecognizedReason } from '@meetbus/events';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { PROVIDER_OUTPUTS } from '../../providers';
import type { Normalized } from '../../providers/kit/normalize';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { createConsumerDynamoDbClient, createConsumerS3Client, createEventBridgeClient } from '../platform/clients';
import { requiredVariable } from '../platform/environment';
import { isInProgress } from '../platform/idempotency';
import { createInTurn } from '../platform/in-turn';
import { describeError, logger } from '../platform/logger';
import { count, METRIC } from '../platform/metrics';
import { OBJECT_PREFIX, putObject } from '../platform/object-store';
import { createGathering, type Gathering } from './gathering';
import { type CountLife, createCountLife } from './life';
import { measurePublished } from './measure';
import { draftOf, encodeEvent, meetingEventIn } from './meeting-event';
import { bodyOf, parseMessage } from './message';
import { createPublish } from './put-events';
import { readRaw } from './raw';
import { createRunOnce } from './run-once';
import { createNoteTimes, type NoteTimes, type Standing, statusTimeOf } from './stale';

/** Thrown to leave no mark of the work: a later version may understand the event. */
class StillUnrecognizedError extends Error {}

/** Makes the Lambda handler of one family's queue. */
export function createConsumer(family: Family) {
  const tableName = requiredVariable('TABLE_NAME');
  const client = createConsumerDynamoDbClient();
  const once = createRunOnce(client, tableName);
  const gathering = createGathering();
  const publishMessage = createPublishMessage(
    createNoteTimes(client, tableName),
    createCountLife(client, tableName),
    gathering,
  );
  const processor = new BatchProcessor(EventType.SQS);

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
      const outcome = await once.run(message, async () => {
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
