/** Makes the CloudEvent of a delivery, and its JSON, which never exceeds EventBridge's limit. */
import { dataSchemaOf, type MeetingEventType, type Open, sourceOf, type UnrecognizedReason } from '@meetbus/events';
import { readExactly } from '../../providers/kit/body';
import { toJson } from '../../providers/kit/json';
import type { Normalized } from '../../providers/kit/normalize';
import { isProbeType, PROBE_SOURCE } from '../../providers/probe/types';
import type { ProviderRuntime } from '../../providers/runtime';
import { type DeliveryMessage, presentable, presentableSubject } from '../ingest/delivery-message';
import { cleanTexts } from './clean-texts';
import { isWithinDepth, MAX_DEPTH, type Raw } from './raw';
import { SHORTENINGS, shorten } from './shorten';

/** A CloudEvent without the raw body in its data. */
export interface Draft {
  readonly type: MeetingEventType;
  readonly source: string;
  readonly provider: string;
  readonly data: object;
  readonly [attribute: string]: unknown;
}

/**
 * A PutEvents call must be smaller than 1 MB, and a target such as an SQS queue receives the event in EventBridge's
 * envelope.
 */
export const MAX_DETAIL_BYTES = 1_000_000 - 16_000;

/** The CloudEvent of a delivery. */
export function draftOf(message: DeliveryMessage, { type, subject, time, data }: Normalized): Draft {
  return {
    specversion: '1.0',
    id: message.eventId,
    source: isProbeType(type) ? PROBE_SOURCE : sourceOf(message.provider),
    type,
    subject: presentableSubject(subject),
    time: time ?? message.receivedTime,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    provider: message.provider,
    // Cleaned again here: verifiers of earlier versions did not remove quotes.
    providerevent: presentable(message.providerEvent) || 'unknown',
    receivedtime: message.receivedTime,
    deliveryid: presentable(message.deliveryId),
    correlationid: message.correlationId,
    ...(message.proof !== undefined && { proof: message.proof }),
    ...botIdOf(data),
    data: cleanTexts(data),
  };
}

/** The bot of an event, for the log line of the shared bus, which must not contain the provider's original id. */
function botIdOf(data: object): { readonly botid?: string } {
  const { id } = Object((data as { readonly bot?: unknown }).bot) as { readonly id?: unknown };
  return typeof id === 'string' && id !== '' ? { botid: presentable(id) } : {};
}

/**
 * The event of a delivery: of its type if the payload is valid, else `event.unrecognized` with the reason.
 *
 * @param runtime of the message's provider
 */
export function meetingEventIn(runtime: ProviderRuntime, message: DeliveryMessage, body: Buffer): Normalized {
  const unrecognized = (reason: Open<UnrecognizedReason>, problems?: readonly string[]): Normalized => ({
    type: 'event.unrecognized',
    subject: `provider/${message.provider}`,
    time: undefined,
    data: { reason, ...(problems && { problems: [...problems] }) },
  });
  if (message.unrecognized !== undefined) return unrecognized(message.unrecognized);
  // Checked again here, because a message may not come from a verifier of this version.
  if (message.proof === 'token' && !runtime.isProvedByToken?.(message.providerEvent))
    return unrecognized('signature_required');
  const normalized = runtime.normalize(readExactly(body), message.providerEvent);
  if (normalized === undefined) return unrecognized('unknown_event_name');
  return 'problems' in normalized ? unrecognized('schema_mismatch', normalized.problems) : normalized;
}

/**
 * The JSON of an event: with the raw body, or with `rawlocation` if it would be too large, or shortened if its own data
 * is too large.
 *
 * @param store stores the raw body and returns its location; called only if needed
 */
export async function encodeEvent(
  draft: Draft,
  raw: Raw | undefined,
  store: (bytes: Buffer) => Promise<string>,
): Promise<string> {
  const whole = raw?.inline && encodeIfFits({ ...draft, data: { ...draft.data, ...raw.inline } });
  if (whole !== undefined) return whole;
  const location = raw && { rawlocation: await store(raw.bytes()) };
  const withLocation = encodeIfFits({ ...draft, data: { ...draft.data, ...location } });
  if (withLocation !== undefined) return withLocation;
  for (const limits of SHORTENINGS) {
    const data = { ...(shorten(draft.data, limits) as object), ...location, truncated: true };
    const shortened = encodeIfFits({ ...draft, data });
    if (shortened !== undefined) return shortened;
  }
  throw new Error('The event is too large for EventBridge even when shortened.');
}

function encodeIfFits(event: Draft): string | undefined {
  if (!isWithinDepth(event, MAX_DEPTH + 10)) return undefined;
  const text = toJson(event);
  return Buffer.byteLength(text) <= MAX_DETAIL_BYTES ? text : undefined;
}
