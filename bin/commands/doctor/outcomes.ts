/** Deliveries by provider and outcome, and what to do about those that were not taken in. */
import { ANSWERS, type Outcome } from '../../../lambdas/ingest/answers';
import type { ProviderCli } from '../../../providers/cli';
import type { RefusalReason } from '../../../providers/runtime';
import { type ResultRow, readable } from '../../insights';
import { setUp } from '../secrets/owners';
import type { LookBack } from './look-back';

const NO_TOKEN = 'The URL at the provider has no good token: npx meetbus secrets show.';
const NO_SIGNATURE = 'Somebody posts without a signature. Is it the provider? Then its secret is not set there yet.';
const FORGED = 'Look who sends it: npx meetbus query gateway-refusals; docs/runbook.md#refused-deliveries.';
const CLOCK = 'Someone replays old requests, or a clock is wrong: docs/runbook.md#refused-deliveries.';

/** What to do about each outcome of a delivery that was not taken in. */
type Remedies = Readonly<Record<RefusalReason | 'unavailable', string>>;

/** General advice. A provider may have better advice. */
const remediesOf = (provider: string): Remedies => ({
  missing_header: NO_SIGNATURE,
  repeated_header: FORGED,
  conflicting_headers: FORGED,
  malformed_timestamp: FORGED,
  timestamp_too_old: CLOCK,
  timestamp_in_future: CLOCK,
  malformed_signature: FORGED,
  no_matching_key: 'Was a secret or a key rotated? npx meetbus secrets show; docs/runbook.md#refused-deliveries.',
  digest_mismatch:
    'Something on the way changed the body, or someone signed another one; docs/runbook.md#refused-deliveries.',
  malformed_handshake: "A signed handshake held nothing that may be signed; see the provider's README.",
  missing_token: NO_TOKEN,
  repeated_token: NO_TOKEN,
  unknown_token: NO_TOKEN,
  key_unavailable: 'npx meetbus query loads-failed; docs/runbook.md#secret-or-key-not-loaded.',
  not_configured: `Set the secret: ${setUp({ name: provider })}.`,
  unavailable: 'npx meetbus query failures-by-error; docs/runbook.md#gateway-5xx.',
});

/** Deliveries of one provider with one outcome. */
export interface Count {
  readonly provider: string;
  readonly outcome: string;
  readonly deliveries: number;
  readonly latest: string;
}

const countOf = ({ provider = '', outcome = '', deliveries = '0', latest = '' }: ResultRow): Count => ({
  provider,
  outcome,
  deliveries: Number(deliveries),
  latest: readable('latest', latest),
});

/** Whether the deliveries were answered 200. */
export const isTakenIn = ({ outcome }: Count): boolean => (ANSWERS[outcome as Outcome]?.statusCode ?? 200) === 200;

/** The deliveries of a time, by provider and outcome. */
export const deliveriesOf = async (back: LookBack): Promise<Count[]> =>
  (await back.askSaved('deliveries-by-outcome')).map(countOf);

/**
 * What to do about deliveries that were not taken in.
 *
 * @param clis parts of the providers in the command line, by name: one may know better than the general advice
 */
export function remedyFor({ provider, outcome }: Count, clis: ReadonlyMap<string, ProviderCli>): string {
  const remedies: Remedies = { ...remediesOf(provider), ...clis.get(provider)?.remedies };
  return remedies[outcome as keyof Remedies];
}
