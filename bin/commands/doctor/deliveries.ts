/** Which deliveries were refused or answered 503, and why. */
import { ANSWERS, type Outcome } from '../../../lambdas/ingest/answers';
import type { ProviderCli } from '../../../providers/cli';
import type { RefusalReason } from '../../../providers/runtime';
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, problem, warning } from '../../findings';
import { type ResultRow, readable } from '../../insights';
import { providersOf, readClis, titleOf } from '../../providers';
import { setUp } from '../secrets/owners';
import type { LookBack } from './look-back';

/** From this share and this count on, failed deliveries of a provider are a problem: a forger, or a test, makes single ones. */
const LEAST_SHARE = 0.2;
const LEAST_COUNT = 5;

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
interface Count {
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

const isTakenIn = ({ outcome }: Count): boolean => (ANSWERS[outcome as Outcome]?.statusCode ?? 200) === 200;

const sumOf = (counts: readonly Count[]): number => counts.reduce((sum, { deliveries }) => sum + deliveries, 0);

export async function checkDeliveries(deployment: Deployment, _: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const counts = (await back.askSaved('deliveries-by-outcome')).map(countOf);
  const wrong = counts.filter((count) => !isTakenIn(count));
  const stored = storedFindings(counts, back.words);
  if (wrong.length === 0) return [ok('deliveries', `${sumOf(counts)} ${back.words}, each taken in`), ...stored];
  const clis = await readClis(providersOf(deployment));
  const findings = wrong.map((count) => {
    const ofProvider = counts.filter(({ provider }) => provider === count.provider);
    const total = sumOf(ofProvider);
    const notTaken = sumOf(ofProvider.filter((one) => !isTakenIn(one)));
    const finding = notTaken >= LEAST_COUNT && notTaken >= LEAST_SHARE * total ? problem : warning;
    return finding('deliveries', messageOf(count, total, back.words), remedyFor(count, clis));
  });
  return [...findings, ...stored];
}

/** Deliveries that a queue did not take stay in the bucket until they are sent to it: none is lost, but they are late. */
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

function remedyFor({ provider, outcome }: Count, clis: ReadonlyMap<string, ProviderCli>): string {
  const remedies: Remedies = { ...remediesOf(provider), ...clis.get(provider)?.remedies };
  return remedies[outcome as keyof Remedies];
}
