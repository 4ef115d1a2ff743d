/** The delivery behind an archived `event.unrecognized`, as far as the event has kept it. */
import { isProviderName } from '../../../lambdas/ingest/delivery-message';
import type { ObjectLocation } from '../../../lambdas/platform/object-store';
import { keepDigits } from '../../../providers/kit/json';
import { memberAt } from '../../../providers/kit/values';

/** What an archived event says about its delivery. */
export interface ArchivedDelivery {
  readonly eventId: string;
  /** Name of the provider. */
  readonly provider: string;
  readonly deliveryId: string;
  readonly correlationId: string;
  /** UTC, ISO 8601. */
  readonly receivedTime: string;
  /** Why it was not recognized. */
  readonly reason: string;
  /** Undefined where an older version published the event, which did not say it. */
  readonly proof: string | undefined;
  /** The body, credentials cut out: its bytes, or where they are; undefined where it was not kept, because it may hold one. */
  readonly body: Buffer | ObjectLocation | undefined;
}

const MEMBERS = ['provider', 'id', 'deliveryid', 'correlationid', 'receivedtime'] as const;

/** Reads an event as EventBridge sends it to a queue; undefined where it is no `event.unrecognized`. */
export function deliveryOf(text: string): ArchivedDelivery | undefined {
  const detail = memberAt(JSON.parse(text, keepDigits), 'detail');
  const [provider = '', eventId, deliveryId, correlationId, receivedTime] = MEMBERS.map((name) =>
    textOf(memberAt(detail, name)),
  );
  const reason = textOf(memberAt(detail, 'data', 'reason'));
  if (!isProviderName(provider) || !eventId || !deliveryId || !correlationId || !receivedTime || !reason)
    return undefined;
  const proof = textOf(memberAt(detail, 'proof'));
  const body = bodyIn(memberAt(detail, 'data'));
  return { eventId, provider, deliveryId, correlationId, receivedTime, reason, proof, body };
}

function bodyIn(data: unknown): ArchivedDelivery['body'] {
  const raw = memberAt(data, 'raw');
  // Numbers that a double cannot hold are still texts here, and are written as they came.
  if (raw !== undefined) return Buffer.from(JSON.stringify(raw));
  const base64 = textOf(memberAt(data, 'rawbase64'));
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(textOf(memberAt(data, 'rawlocation')) ?? '') ?? [];
  return bucket !== undefined && key !== undefined ? { bucket, key } : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
