/** Whether the account's limit lets all functions run at the same time. Else verifiers answer 503. */
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FAMILIES } from '@meetbus/events';
import { type Deployment, outputOf } from '../../deployment';
import { type Finding, ok, problem } from '../../findings';
import { providersOf } from '../../providers';

const CHECK = 'concurrency';

/** SQS runs two copies of a consumer at least (Lambda's `MaximumConcurrency`). */
const LEAST_CONSUMER_CONCURRENCY = 2;

const QUOTA = 'the quota "Concurrent executions" of Lambda (Service Quotas)';

export async function checkConcurrency(deployment: Deployment): Promise<Finding[]> {
  const each = Number(outputOf(deployment, 'ConsumerConcurrency'));
  const verifiers = providersOf(deployment).flatMap(({ routes }) => routes).length;
  return [concurrencyFinding(await unreservedOf(deployment), each, verifiers)];
}

/** The limit for functions without reserved concurrency, which Meetbus's are. */
async function unreservedOf({ clientConfig }: Deployment): Promise<number> {
  const client = new LambdaClient(clientConfig);
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    return AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions ?? 0;
  } finally {
    client.destroy();
  }
}

/**
 * What the limit means for the functions: a backlog runs every consumer at its limit, and the verifiers must run beside them.
 *
 * @param limit how many copies of functions the account runs at a time
 * @param each `consumerConcurrency`, as it is deployed
 * @param verifiers how many there are
 */
export function concurrencyFinding(limit: number, each: number, verifiers: number): Finding {
  const consumers = FAMILIES.length;
  const wanted = consumers * each + verifiers;
  const sum = `${consumers} consumers × ${each} and ${verifiers} verifiers want ${wanted}`;
  if (wanted <= limit) return ok(CHECK, `the account runs ${limit} functions at a time; ${sum}`);
  const fitting = Math.floor((limit - verifiers) / consumers);
  const lower =
    fitting >= LEAST_CONSUMER_CONCURRENCY
      ? `or set consumerConcurrency to ${fitting} or less and deploy`
      : `because not even a consumerConcurrency of ${LEAST_CONSUMER_CONCURRENCY}, the least, fits`;
  return problem(
    CHECK,
    `The account runs ${limit} functions at a time, and ${sum}: at a backlog verifiers answer 503.`,
    `Raise ${QUOTA} to ${wanted} or more, ${lower}.`,
  );
}
