/** What deliveries were refused or could not be taken in, and why. */
import type { ProviderName } from '@meetbus/events';
import { ANSWERS, type Outcome } from '../../../lambdas/ingest/answers';
import type { RefusalReason } from '../../../providers/runtime';
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, problem, warning } from '../../findings';
import { type ResultRow, readable } from '../../insights';
import { titleOf } from '../../providers';
import type { LookBack } from './look-back';

/** Of a provider's deliveries so many go wrong before it is a problem: a forger, or a test, makes single ones. */
const LEAST_SHARE = 0.2;
const LEAST_COUNT = 5;

const ROTATED = 'Was a secret rotated? npx meetbus secrets show; then npx meetbus secrets add signing-secret.';
const NO_TOKEN =
  'The URL at the provider has no good token: npx meetbus recall endpoint; npx meetbus realtimekit webhooks sync.';
const NO_SIGNATURE = 'Somebody posts without a signature. Is it the provider? Then its secret is not set there yet.';
const FORGED = 'Look who sends it: npx meetbus query gateway-refusals; docs/runbook.md#refused-deliveries.';
const CLOCK = 'Someone replays old requests, or a clock is wrong: docs/runbook.md#refused-deliveries.';

/** What to do about each outcome that is not a delivery taken in. */
const REMEDIES: Readonly<Record<RefusalReason | 'unavailable', string>> = {
  missing_header: NO_SIGNATURE,
  repeated_header: FORGED,
  conflicting_headers: FORGED,
  malformed_timestamp: FORGED,
  timestamp_too_old: CLOCK,
  timestamp_in_future: CLOCK,
  malformed_signature: FORGED,
  no_matching_key: ROTATED,
  missing_token: NO_TOKEN,
  repeated_token: NO_TOKEN,
  unknown_token: NO_TOKEN,
  key_unavailable: 'npx meetbus query loads-failed; docs/runbook.md#secret-or-key-not-loaded.',
  not_configured: 'Set the secret: npx meetbus secrets set.',
  unavailable: 'npx meetbus query failures-by-error; docs/runbook.md#gateway-5xx.',
};

/** Deliveries of one provider with one outcome. */
interface Count {
  readonly provider: ProviderName;
  readonly outcome: string;
  readonly deliveries: number;
  readonly latest: string;
}

const countOf = ({ provider = '', outcome = '', deliveries = '0', latest = '' }: ResultRow): Count => ({
  provider: provider as ProviderName,
  outcome,
  deliveries: Number(deliveries),
  latest: readable('latest', latest),
});

const isTakenIn = ({ outcome }: Count): boolean => (ANSWERS[outcome as Outcome]?.statusCode ?? 200) === 200;

const sumOf = (counts: readonly Count[]): number => counts.reduce((sum, { deliveries }) => sum + deliveries, 0);

export async function checkDeliveries(_: Deployment, __: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const counts = (await back.askSaved('deliveries-by-outcome')).map(countOf);
  const wrong = counts.filter((count) => !isTakenIn(count));
  const stored = storedFindings(counts, back.words);
  if (wrong.length === 0) return [ok('deliveries', `${sumOf(counts)} ${back.words}, each taken in`), ...stored];
  const findings = wrong.map((count) => {
    const ofProvider = counts.filter(({ provider }) => provider === count.provider);
    const total = sumOf(ofProvider);
    const notTaken = sumOf(ofProvider.filter((one) => !isTakenIn(one)));
    const tell = notTaken >= LEAST_COUNT && notTaken >= LEAST_SHARE * total ? problem : warning;
    return tell('deliveries', messageOf(count, total, back.words), remedyFor(count.outcome));
  });
  return [...findings, ...stored];
}

/** What a queue did not take lies in the bucket until it is brought there: nothing is lost, but it is late. */
function storedFindings(counts: readonly Count[], words: string): Finding[] {
  return counts
    .filter(({ outcome }) => outcome === 'stored')
    .map(({ provider, deliveries, latest }) => {
      const message = `${titleOf(provider)}: ${deliveries} stored ${words}, because a queue was down, the last at ${latest}.`;
      return warning('deliveries', message, 'npx meetbus query stored-deliveries; docs/runbook.md#stored-deliveries.');
    });
}

function messageOf({ provider, outcome, deliveries, latest }: Count, total: number, words: string): string {
  const verb = ANSWERS[outcome as Outcome].statusCode === 503 ? 'answered 503' : 'refused';
  return `${titleOf(provider)}: ${deliveries} of ${total} ${verb} ${words} (${outcome}), the last at ${latest}.`;
}

const remedyFor = (outcome: string): string => REMEDIES[outcome as keyof typeof REMEDIES];
