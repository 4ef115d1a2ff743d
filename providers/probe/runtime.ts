/** The probe in Lambda: how its deliveries are verified, and what they become. */
import { createHash } from 'node:crypto';
import type { MeetingEventType } from '@meetbus/events';
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { verifyHmac } from '../kit/hmac';
import type { Mismatch, Normalized } from '../kit/normalize';
import { memberAt, textAt } from '../kit/values';
import type { ProviderRuntime, RuntimeContext, Verify } from '../runtime';
import { PROBE_ROUTE, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './names';
import { readProbeSecret } from './secret';
import { isProbeType } from './types';

/** The probe sends nothing twice. A copy on the way is a duplicate for an hour. */
const ONE_HOUR_SECONDS = 3_600;

function webhooks({ secret }: RuntimeContext): Verify {
  const keys = secret({ parse: readProbeSecret });
  return (delivery) =>
    verifyWithFreshKeys(keys, (held) =>
      verifyHmac(delivery, held.keys, {
        header: SIGNATURE_HEADER,
        encoding: 'hex',
        timestamp: { header: TIMESTAMP_HEADER, unit: 'milliseconds' },
        signed: ({ body }, timestamp) => [`${timestamp}.`, body],
      }),
    );
}

/** The interface is for meeting events. Only the probe has types of its own, so only its runtime needs these casts. */
const asType = (event: string): MeetingEventType | undefined =>
  isProbeType(event) ? (event as string as MeetingEventType) : undefined;

function normalize(body: unknown, event: string): Normalized | Mismatch | undefined {
  const type = asType(event);
  if (type === undefined) return undefined;
  const [run, sentat] = [textAt(body, 'run'), memberAt(body, 'sentAt')];
  if (run === undefined || typeof sentat !== 'number') return { problems: ['run or sentAt: expected of a probe'] };
  // Tells the queue's part of the way from that of the buses.
  const data = { probe: { run, sentat, consumedat: Date.now() } };
  return { type, subject: `probe/${run}`, time: undefined, data } as unknown as Normalized;
}

export const runtime: ProviderRuntime = {
  rememberSeconds: ONE_HOUR_SECONDS,
  routes: { [PROBE_ROUTE]: webhooks },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: asType,
  identify: (delivery) => ({ deliveryId: undefined, key: createHash('sha256').update(delivery.body).digest('hex') }),
  groupOf: () => undefined,
  normalize,
  credentialMembers: [],
};
