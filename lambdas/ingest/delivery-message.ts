/** The SQS message from a verifier to a consumer. */
import { hash } from 'node:crypto';
import type { Family, Open, Proof, UnrecognizedReason } from '@meetbus/events';
import { PROVIDER_NAME } from '../../providers/definition-faults';
import { OBJECT_PREFIX, type SealedLocation } from '../platform/object-store';

/** Body of an SQS message, in JSON. */
export interface DeliveryMessage {
  /** See {@link isProviderName}. */
  readonly provider: string;
  /** The provider event name, cleaned for logs; empty if the body has none. */
  readonly providerEvent: string;
  readonly family: Family;
  /** An open list, like the proof: a message outlives the version that sent it. */
  readonly unrecognized?: Open<UnrecognizedReason> | undefined;
  /** What proved the delivery; absent in messages of earlier versions. */
  readonly proof?: Open<Proof> | undefined;
  /**
   * If an operator reprocesses the delivery: the reason why it was `event.unrecognized`. It is published once more with
   * the same id, unless it is still unrecognized.
   */
  readonly reprocess?: Open<UnrecognizedReason> | undefined;
  /** The provider's id of the delivery, or the event id if it sent none. */
  readonly deliveryId: string;
  readonly eventId: string;
  readonly correlationId: string;
  /** UTC, ISO 8601. */
  readonly receivedTime: string;
  readonly traceHeader?: string | undefined;
  readonly body: MessageBody;
}

/**
 * The raw body: in base64; or its location in the bucket, if it is too large for a message; or compressed and in
 * base64, if the bucket did not accept it.
 */
export type MessageBody = { readonly base64: string } | SealedLocation | { readonly gzip: string };

/** Key of the object that holds a body too large for its message. */
export const bodyKeyOf = ({ provider, eventId }: Pick<DeliveryMessage, 'provider' | 'eventId'>): string =>
  `${OBJECT_PREFIX.deliveries}${provider}/${eventId}`;

/** SQS accepts 1 MiB for a message with its attributes; the rest is for the attributes. */
export const MAX_MESSAGE_BYTES = 1_048_576 - 4_096;

/** Whether a string can be the name of a provider: it is part of object keys, metrics, and the source of events. */
export const isProviderName = (text: string): boolean => PROVIDER_NAME.test(text);

const MAX_CHARACTERS = 256;

/**
 * A subject, cleaned in the same way. If it must be cut, it ends with its digest, so that two things never have the
 * same subject.
 */
export function presentableSubject(subject: string): string {
  if (subject.length <= MAX_CHARACTERS) return presentable(subject);
  const digest = hash('sha256', subject).slice(0, 32);
  return `${presentable(subject.slice(0, MAX_CHARACTERS - digest.length - 1))}~${digest}`;
}

/**
 * A provider's string, cut and cleaned for a CloudEvents attribute and a log line. Characters that JSON must escape, or
 * that a viewer may show as a line break, are replaced: EventBridge's input transformer makes the log line of the
 * shared bus, and its escaping inside a string is not documented.
 */
export const presentable = (text: string): string =>
  text
    .slice(0, MAX_CHARACTERS)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}"\\\uFFFE\uFFFF]/gu, '\uFFFD');

/** A message group id that SQS accepts; undefined for an id that it would reject. */
export const groupIdOf = (id: string | undefined): string | undefined =>
  id !== undefined && /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/.test(id) ? id : undefined;
