/** What the doctor looks at. Each check answers with findings and throws only what it did not foresee. */

import { checkPublicKey } from '../../../providers/realtimekit/cli/public-key-check';
import { checkSender } from '../../../providers/realtimekit/cli/sender-check';
import { checkRealtimekitWebhook } from '../../../providers/realtimekit/cli/webhook-check';
import { checkDeadEndpoints } from '../../../providers/recall/cli/dead-endpoints-check';
import { checkSecret } from '../../../providers/recall/cli/secret-check';
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
import { checkUnrecognized } from './unrecognized';
import { checkVersion } from './version';

/** Looks at one thing of a deployment: as it is, or as it was in that time. */
export type Check = (deployment: Deployment, flags: DeploymentFlags, back: LookBack) => Promise<Finding[]>;

/** Everything that is looked at, by name. */
export const CHECKS: Readonly<Record<string, Check>> = {
  version: checkVersion,
  secret: checkSecret,
  api: checkApi,
  'public key': checkPublicKey,
  sender: checkSender,
  webhook: (deployment, { stack }) => checkRealtimekitWebhook(deployment, stack),
  concurrency: checkConcurrency,
  'dead-letter queues': checkDeadLetterQueues,
  alarms: checkAlarms,
  deliveries: checkDeliveries,
  'real-time endpoints': checkDeadEndpoints,
  'unrecognized events': checkUnrecognized,
  failures: checkFailures,
  lateness: checkLateness,
};
