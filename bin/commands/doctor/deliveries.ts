/** Which deliveries were refused or answered 503, and why. */
import { ANSWERS, type Outcome } from '../../../lambdas/ingest/answers';
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, problem, warning } from '../../findings';
import { providersOf, readClis, titleOf } from '../../providers';
import type { LookBack } from './look-back';
import { type Count, deliveriesOf, isTakenIn, remedyFor } from './outcomes';

/** From this share and this count on, failed deliveries of a provider are a problem: a forger, or a test, makes single ones. */
const LEAST_SHARE = 0.2;
const LEAST_COUNT = 5;

const sumOf = (counts: readonly Count[]): number => counts.reduce((sum, { deliveries }) => sum + deliveries, 0);

export async function checkDeliveries(deployment: Deployment, _: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const counts = await deliveriesOf(back);
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
