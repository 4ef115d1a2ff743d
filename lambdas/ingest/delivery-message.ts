/** The message that carries a delivery from a verifier to a consumer. */
import { hash } from 'node:crypto';
import type { Family, Open, Proof, UnrecognizedReason } from '@meetbus/events';
import { OBJECT_PREFIX, type SealedLocation } from '../platform/object-store';

/** Body of an SQS message, in JSON. */
export interface DeliveryMessage {
  /** See {@link isProviderName}. */
  readonly provider: string;
  /** The provider event name, fit to be shown; empty where the body has none. */
  readonly providerEvent: string;
  readonly family: Family;
  /** Open, as the proof is: a message outlives the version that sent it. */
  readonly unrecognized?: Open<UnrecognizedReason> | undefined;
  /** What proved the delivery; absent in messages of versions that did not tell. */
  readonly proof?: Open<Proof> | undefined;
  /**
   * The reason for which it was `event.unrecognized`, where somebody has brought it back: it is published once more under its
   * id, unless it still is that.
   */
  readonly reprocess?: Open<UnrecognizedReason> | undefined;
  /** The provider's id of the delivery, or the event id where it sent none. */
  readonly deliveryId: string;
  readonly eventId: string;
  readonly correlationId: string;
  /** UTC, ISO 8601. */
  readonly receivedTime: string;
  readonly traceHeader?: string | undefined;
  readonly body: MessageBody;
}

/**
 * The raw body: in base64, or where it is stored when it is too large for a message, or compressed and in base64 where the
 * bucket did not take it then.
 */
export type MessageBody = { readonly base64: string } | SealedLocation | { readonly gzip: string };

/** Key of the object that holds a body too large for its message. */
export const bodyKeyOf = ({ provider, eventId }: Pick<DeliveryMessage, 'provider' | 'eventId'>): string =>
  `${OBJECT_PREFIX.deliveries}${provider}/${eventId}`;

/** SQS takes 1 MiB for a message with its attributes; the rest is for the attributes. */
export const MAX_MESSAGE_BYTES = 1_048_576 - 4_096;

/** Whether a text may be the name of a provider: it is part of object keys, metrics, and the source of events. */
export const isProviderName = (text: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(text);

const MAX_CHARACTERS = 256;

/** A subject in the same way; one that has to be cut ends with its digest, so that two things never have one subject. */
export function presentableSubject(subject: string): string {
  if (subject.length <= MAX_CHARACTERS) return presentable(subject);
  const digest = hash('sha256', subject).slice(0, 32);
  return `${presentable(subject.slice(0, MAX_CHARACTERS - digest.length - 1))}~${digest}`;
}

/**
 * Texts of a provider, cut and cleaned so that they may be a CloudEvents attribute and stand in a log line. What JSON would
 * have to escape, or a viewer may take for the end of a line, is replaced: the shared bus's line is made by a template of
 * EventBridge, and it is not documented how that escapes a text within a text.
 */
export const presentable = (text: string): string =>
  text
    .slice(0, MAX_CHARACTERS)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}"\\\uFFFE\uFFFF]/gu, '\uFFFD');

/** A message group id that SQS accepts; undefined for an id that it would refuse. */
export const groupIdOf = (id: string | undefined): string | undefined =>
  id !== undefined && /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/.test(id) ? id : undefined;
