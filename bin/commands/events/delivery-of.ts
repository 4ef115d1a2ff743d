/** The delivery that an archived `event.unrecognized` was, as far as the event has kept it. */
import { PROVIDERS, type ProviderName } from '@meetbus/events';
import type { ObjectLocation } from '../../../lambdas/platform/object-store';
import { keepDigits } from '../../../providers/kit/json';
import { memberAt } from '../../../providers/kit/values';

/** What an archived event tells of its delivery. */
export interface ArchivedDelivery {
  readonly eventId: string;
  readonly provider: ProviderName;
  readonly deliveryId: string;
  readonly correlationId: string;
  /** UTC, ISO 8601. */
  readonly receivedTime: string;
  /** Why it was not recognized. */
  readonly reason: string;
  /** Absent where the version that published it did not tell. */
  readonly proof: string | undefined;
  /** The body, credentials cut out: its bytes, or where they are; undefined where it was not kept, because it may hold one. */
  readonly body: Buffer | ObjectLocation | undefined;
}

/** Reads an event as EventBridge hands it to a queue; undefined where it is no `event.unrecognized` of a known provider. */
export function deliveryOf(text: string): ArchivedDelivery | undefined {
  const detail = memberAt(JSON.parse(text, keepDigits), 'detail');
  const provider = PROVIDERS.find((name) => name === memberAt(detail, 'provider'));
  const [eventId, deliveryId, correlationId, receivedTime] = ['id', 'deliveryid', 'correlationid', 'receivedtime'].map(
    (name) => textOf(memberAt(detail, name)),
  );
  const reason = textOf(memberAt(detail, 'data', 'reason'));
  if (!provider || !eventId || !deliveryId || !correlationId || !receivedTime || !reason) return undefined;
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
