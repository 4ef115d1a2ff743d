/** What the doctor looks at. Each check returns findings, and throws only what it did not foresee. */
import type { ProviderCheck, ProviderCli } from '../../../providers/cli';
import type { Deployment, DeploymentFlags } from '../../deployment';
import type { Finding } from '../../findings';
import { checkAlarms } from './alarms';
import { checkApi } from './api';
import { checkConcurrency } from './concurrency';
import { checkDeadLetterQueues } from './dead-letter-queues';
import { checkDeliveries } from './deliveries';
import { checkFailures } from './failures';
import { checkLateness } from './lateness';
import type { LookBack } from './look-back';
import { checkProbe } from './probe';
import { checkUnrecognized } from './unrecognized';
import { checkVersion } from './version';

/** Looks at one thing of a deployment: as it is now, or as it was in the time of the look-back. */
export type Check = (deployment: Deployment, flags: DeploymentFlags, back: LookBack) => Promise<Finding[]>;

/** A check with its name. */
export interface NamedCheck {
  readonly name: string;
  readonly look: Check;
  /** A sentence for the help: what the check needs. */
  readonly needs?: string;
  /** It sends something to the deployment; all others only read. */
  readonly sends?: true;
}

/**
 * Everything that the doctor looks at, in the order of its findings.
 *
 * @param clis of the providers that are looked at
 * @param secrets the doctor's own checks of secrets
 */
export function checksOf(clis: Iterable<ProviderCli>, secrets: readonly NamedCheck[] = []): readonly NamedCheck[] {
  const ofProviders = [...clis].flatMap(({ checks = {} }) =>
    Object.entries(checks).map(([name, check]) => ({ name, ...check })),
  );
  const about = (topic: ProviderCheck['about']) => ofProviders.filter((check) => check.about === topic);
  return [
    { name: 'version', look: checkVersion },
    ...about('secret'),
    ...secrets,
    { name: 'api', look: checkApi, sends: true },
    { name: 'probe', look: checkProbe, sends: true },
    ...about('sender'),
    { name: 'concurrency', look: checkConcurrency },
    { name: 'dead-letter queues', look: checkDeadLetterQueues },
    { name: 'alarms', look: checkAlarms },
    { name: 'deliveries', look: checkDeliveries },
    ...about('deliveries'),
    { name: 'unrecognized events', look: checkUnrecognized },
    { name: 'failures', look: checkFailures },
    { name: 'lateness', look: checkLateness },
  ];
}
