/** The outcomes of the records of a batch: a log line for each, and the failures that SQS must deliver again. */
import type { UnrecognizedReason } from '@meetbus/events';
import type { SQSBatchItemFailure, SQSRecord } from 'aws-lambda';
import type { Normalized } from '../../providers/kit/normalize';
import { isProbeType } from '../../providers/probe/types';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { describeError, logger } from '../platform/logger';
import type { PublishOutcome } from './publish';

/**
 * The outcome of a record. `duplicate`: its event was published before, or another one that reports the same.
 * `in_progress`: another invocation is processing its event.
 */
export type Outcome = PublishOutcome | { readonly name: 'duplicate' | 'in_progress'; readonly sameAs?: never };

/** Makes the functions that report the outcomes of one batch. */
export function createReport(family: string | undefined) {
  const startedAt = Date.now();
  const batchItemFailures: SQSBatchItemFailure[] = [];

  /** Logs the outcome of a record; the message is undefined if it could not be read. */
  const finish = ({ messageId }: SQSRecord, message: DeliveryMessage | undefined, outcome: Outcome): void => {
    const milliseconds = Date.now() - startedAt;
    const line = { family, messageId, ...idsOf(message), ...detailsOf(outcome), milliseconds, outcome: outcome.name };
    if (outcome.name === 'failed') logger.error('event', { ...line, error: describeError(outcome.error) });
    else logger[isProbe(outcome) ? 'debug' : 'info']('event', line);
    if (outcome.name === 'failed' || outcome.name === 'in_progress') {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  };
  return { finish, batchItemFailures };
}

/** The probe comes every minute: its lines would hide the others. */
const isProbe = (outcome: Outcome): boolean => outcome.name === 'published' && isProbeType(outcome.event.type);

const idsOf = (message: DeliveryMessage | undefined) =>
  message && {
    eventId: message.eventId,
    correlationId: message.correlationId,
    deliveryId: message.deliveryId,
    provider: message.provider,
    providerEvent: message.providerEvent,
  };

/** The log fields of an outcome. Problems name paths in the payload, never values. */
function detailsOf(outcome: Outcome) {
  if (outcome.name === 'duplicate') return { sameAs: outcome.sameAs };
  if (outcome.name !== 'published') return {};
  return { type: outcome.event.type, standing: outcome.standing, ...whyNot(outcome.event) };
}

/** Why an event was not recognized. */
const whyNot = (event: Normalized) =>
  event.type === 'event.unrecognized' && {
    reason: event.data.reason as UnrecognizedReason,
    problems: event.data.problems?.join('; '),
  };
