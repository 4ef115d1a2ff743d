/** Looks at everything that commonly goes wrong, as `meetbus doctor` and the console do. */
import type { Provider } from '../../../providers/provider';
import type { Deployment, DeploymentFlags } from '../../deployment';
import { messageOf } from '../../errors';
import { type Finding, problem } from '../../findings';
import { Insights } from '../../insights';
import { readClis } from '../../providers';
import { checksOf, type NamedCheck } from './checks';
import { LookBack } from './look-back';
import { secretChecksOf } from './secret';

/** This check runs last: its own requests must not be among those that the others look back on. */
const LAST = 'api';

const HOUR_MS = 3_600_000;

/** The checks of a deployment with these providers, in the order of their findings. */
export async function checksFor(providers: readonly Provider[]): Promise<readonly NamedCheck[]> {
  const clis = await readClis(providers);
  return checksOf(clis.values(), secretChecksOf(providers, clis));
}

/** What is examined, and how it is followed. */
export interface Examination {
  readonly deployment: Deployment;
  readonly flags: DeploymentFlags;
  readonly checks: readonly NamedCheck[];
  /** How far to look back: milliseconds since 1970. */
  readonly since: number;
  readonly signal: AbortSignal;
  /** Called with the findings of each check as soon as it is done, in any order. */
  readonly onFound: (check: NamedCheck, findings: readonly Finding[]) => void;
}

/** Runs the checks, most of them at once. */
export async function examine({ deployment, flags, checks, since, signal, onFound }: Examination): Promise<void> {
  const insights = new Insights(deployment);
  const now = Date.now();
  const back = new LookBack(insights, since, now, wordsFor(now - since), signal);
  const lookAt = async (check: NamedCheck) => onFound(check, await look(check, deployment, flags, back));
  try {
    await Promise.all(checks.filter((check) => !isLast(check)).map(lookAt));
    if (!signal.aborted) await Promise.all(checks.filter(isLast).map(lookAt));
  } finally {
    insights.close();
  }
}

const isLast = ({ name }: NamedCheck): boolean => name === LAST;

/** The time of the look-back, in words. */
export function wordsFor(ms: number): string {
  const hours = ms / HOUR_MS;
  if (Math.abs(hours - 1) < 0.01) return 'in the last hour';
  return hours > 1 ? `in the last ${Math.round(hours)} hours` : `in the last ${Math.ceil(ms / 60_000)} minutes`;
}

/** Runs one check. A check that fails is a finding too, so that the findings of the others are still there. */
async function look(
  { name, look: check }: NamedCheck,
  deployment: Deployment,
  flags: DeploymentFlags,
  back: LookBack,
): Promise<Finding[]> {
  try {
    return await check(deployment, flags, back);
  } catch (error) {
    const remedy = 'Look at the message, and at what you may read.';
    return [problem(name, `It could not be looked at: ${messageOf(error, flags)}`, remedy)];
  }
}
