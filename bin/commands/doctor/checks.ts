/** What the doctor looks at. Each check answers with findings and throws only what it did not foresee. */
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fetchPublicKey, parseKeyUrl, REALTIMEKIT_KEY_URL } from '../../../lambdas/providers/realtimekit/public-key';
import { ROUTES, type Route } from '../../../lib/routes';
import { version } from '../../../package.json';
import { type Deployment, type DeploymentFlags, outputOf } from '../../deployment';
import { withCause } from '../../errors';
import { type Finding, ok, problem, warning } from '../../findings';
import { countsOf } from '../dlq/queues';
import { checkRealtimekitWebhook } from '../realtimekit/check';
import { type Entry, entriesOf } from '../secrets/entries';
import { withSecretStore } from '../secrets/store';

/** Looks at one thing of a deployment. */
type Check = (deployment: Deployment, flags: DeploymentFlags) => Promise<Finding[]>;

/** Longer than the API may take, which is 29 seconds by default. A person waits here, and no delivery. */
const TIMEOUT_MS = 30_000;

/** Everything that is looked at, by name. */
export const CHECKS: Readonly<Record<string, Check>> = {
  version: checkVersion,
  secret: checkSecret,
  api: checkApi,
  'public key': checkPublicKey,
  webhook: (deployment, { stack }) => checkRealtimekitWebhook(deployment, stack),
  'dead-letter queues': checkDeadLetterQueues,
  alarms: checkAlarms,
};

/** A version that is not this one's may lack what commands need, and the other way round. */
async function checkVersion(deployment: Deployment): Promise<Finding[]> {
  const deployed = outputOf(deployment, 'Version');
  if (deployed === version) return [ok('version', `${version} is deployed, and this is ${version}`)];
  const remedy = 'Deploy this one (npx cdk deploy), or check out the one that is deployed.';
  return [warning('version', `${deployed} is deployed, and this is ${version}.`, remedy)];
}

const RETIRE = 'npx meetbus secrets retire <fingerprint>';
const REPLACE = `npx meetbus secrets add token --generate; once no bot uses the weak one any more: ${RETIRE}`;

const namesOf = (entries: readonly Entry[]): string =>
  entries.map(({ kind, fingerprint }) => `${kind} ${fingerprint}`).join(', ');

function checkSecret(deployment: Deployment): Promise<Finding[]> {
  return withSecretStore(deployment, 'recall', async (store) => {
    const secret = await store.read();
    if (!secret) {
      const remedy = 'Set it up: npx meetbus secrets set';
      return [problem('secret', `There is no secret ${store.name}, so Recall.ai is answered 503.`, remedy)];
    }
    if (!secret.isObject) {
      const remedy = 'Look at what it holds, then set it up: npx meetbus secrets set';
      return [problem('secret', `The secret ${store.name} holds no JSON object: verifiers cannot read it.`, remedy)];
    }
    const entries = entriesOf(secret.json);
    const ignored = entries.filter(({ isUsable }) => !isUsable);
    const weak = entries.filter(({ isWeak }) => isWeak);
    const hasSigningSecret = entries.some(({ kind, isUsable }) => isUsable && kind === 'signing-secret');
    return [
      ...(ignored.length > 0 ? [problem('secret', `Not usable: ${namesOf(ignored)}.`, RETIRE)] : []),
      ...(weak.length > 0 ? [warning('secret', `Easy to guess, but taken: ${namesOf(weak)}.`, REPLACE)] : []),
      hasSigningSecret
        ? ok('secret', `${entries.length - ignored.length} usable entries`)
        : problem('secret', 'There is no usable signing secret.', 'npx meetbus secrets add signing-secret'),
    ];
  });
}

/** An unsigned request must be refused: that proves the API and each verifier, its secret or key included. */
function checkApi(deployment: Deployment): Promise<Finding[]> {
  const apiUrl = outputOf(deployment, 'ApiUrl');
  return Promise.all(
    ROUTES.map(async (route) => {
      const url = new URL(route.path, apiUrl);
      const answer = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
        ({ status }) => status,
        withCause,
      );
      return apiFinding(route, answer);
    }),
  );
}

/** @param status of the answer, or why there was none */
function apiFinding({ path, title, keepsKeys }: Route, status: number | string): Finding {
  const check = `/${path}`;
  if (status === 401) return ok(check, 'refuses an unsigned request with 401');
  if (typeof status === 'string') {
    const remedy = 'Look at the network from here, and whether the stack is deployed.';
    return problem(check, `The API cannot be reached: ${status}`, remedy);
  }
  if (status === 503) {
    const [what, remedy] = keepsKeys
      ? ['public key', 'Look at "public key" below, and at the setting realtimekit.keyUrl']
      : ['secret', 'Look at what it holds: npx meetbus secrets show'];
    const then = `; then at what the verifier logs: npx meetbus query loads-failed. ${title} tries again meanwhile.`;
    return problem(check, `It answers 503: the verifier has no ${what}, or fails.`, `${remedy}${then}`);
  }
  return problem(check, `It answers ${status} to an unsigned request, not 401.`, 'Deploy again, and look at the logs.');
}

async function checkPublicKey({ local, outputs }: Deployment): Promise<Finding[]> {
  const url = local?.realtimekitKeyUrl ?? outputs.RealtimekitKeyUrl ?? REALTIMEKIT_KEY_URL;
  try {
    await fetchPublicKey(parseKeyUrl(url), TIMEOUT_MS);
    return [ok('public key', `${url} serves RealtimeKit's key`)];
  } catch (error) {
    // The functions have a network of their own, and a key that they keep: this is only a hint.
    const message = `${url} serves no key from here: ${withCause(error)}`;
    const remedy =
      'Nothing is to be set. A verifier goes on with the key that it has; one that has none answers 503, and RealtimeKit tries ' +
      'again. If it lasts: is the setting realtimekit.keyUrl right, is a proxy in between, is Cloudflare well ' +
      '(https://www.cloudflarestatus.com)?';
    return [warning('public key', message, remedy)];
  }
}

async function checkDeadLetterQueues(deployment: Deployment): Promise<Finding[]> {
  const sqs = new SQSClient(deployment.clientConfig);
  try {
    const full = (await countsOf(deployment, sqs)).filter(({ messages }) => messages > 0);
    if (full.length === 0) return [ok('dead-letter queues', 'all empty')];
    return full.map(({ name, messages }) =>
      problem(
        'dead-letter queues',
        `${name}: ${messages} put aside.`,
        `npx meetbus dlq peek ${name}; mend the cause; npx meetbus dlq redrive ${name}`,
      ),
    );
  } finally {
    sqs.destroy();
  }
}

/**
 * Alarms are named after the Meetbus, as its buses are. Another one's name may begin with its name, so they are told by
 * their topic; parts of alarms notify nobody.
 */
async function checkAlarms(deployment: Deployment): Promise<Finding[]> {
  const topic = outputOf(deployment, 'AlarmTopicArn');
  const prefix = outputOf(deployment, 'SharedBusName').replace(/shared$/, '');
  const client = new CloudWatchClient(deployment.clientConfig);
  const firing: Finding[] = [];
  let count = 0;
  try {
    const query = { AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
      const alarms = [...MetricAlarms, ...CompositeAlarms].filter(({ AlarmActions }) => AlarmActions?.includes(topic));
      count += alarms.length;
      firing.push(
        ...alarms
          .filter(({ StateValue }) => StateValue === 'ALARM')
          .map(({ AlarmName, AlarmDescription = '' }) =>
            problem('alarms', `${AlarmName} is firing.`, AlarmDescription || 'See docs/runbook.md.'),
          ),
      );
    }
  } finally {
    client.destroy();
  }
  return firing.length > 0 ? firing : [ok('alarms', `none of ${count} is firing`)];
}
