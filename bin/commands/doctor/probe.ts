/** Sends a probe, and shows how far it comes on its way through the API to the shared bus. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { IN_TIME_MS, METRIC } from '../../../lambdas/platform/metric-names';
import type { SentRun } from '../../../lambdas/probe/prober';
import type { Attempt } from '../../../lambdas/probe/send';
import { type Deployment, outputOf } from '../../deployment';
import { type Finding, ok, problem, warning } from '../../findings';
import { withLogSearch } from '../trace/log-search';

const CHECK = 'probe';
const REMEDY = 'docs/runbook.md#probe';

/** Milliseconds to wait for the log lines about events that came back. CloudWatch shows a line after some seconds. */
const PATIENCE_MS = 30_000;
const LOCAL_PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 500;

/** Milliseconds by which this machine's clock may be ahead of AWS's, which stamps the lines. The id of the run is in no other line. */
const CLOCK_AHEAD_MS = 10 * 60_000;

/** What the prober has logged about an event that came back. Milliseconds. */
interface Back {
  readonly total: number;
  readonly queue: number;
  readonly buses: number;
}

export async function checkProbe(deployment: Deployment): Promise<Finding[]> {
  if (deployment.outputs.ProberFunctionName === undefined) {
    return [ok(CHECK, 'not deployed: the setting probe.everyMinutes is 0, or an older version runs')];
  }
  const startedAt = Date.now();
  const sent = await send(deployment);
  if (sent === undefined)
    return [problem(CHECK, 'Lambda does not run the prober: it has no concurrency left.', REMEDY)];
  const refused = sent.attempts.filter(({ status }) => status !== 200);
  if (refused.length > 0) return [refusedFinding(refused, sent.attempts.length)];
  const back = await waitFor(deployment, sent, startedAt);
  const missing = sent.attempts.filter(({ family }) => !back.has(family)).map(({ family }) => family);
  const answer = Math.max(...sent.attempts.map(({ milliseconds }) => milliseconds));
  if (missing.length > 0) {
    const come = back.size === 0 ? 'No event' : `Not every event (missing: ${missing.join(', ')})`;
    return [problem(CHECK, `${come} has come back from the shared bus. The API answered in ${answer} ms.`, REMEDY)];
  }
  return [legsFinding(answer, [...back.values()])];
}

/**
 * Deliveries that were not accepted: their families, by the reason.
 *
 * @param sent how many were sent
 */
export function refusedFinding(refused: readonly Attempt[], sent: number): Finding {
  const families = new Map<string, string[]>();
  for (const attempt of refused) {
    const reason = whyNot(attempt);
    families.set(reason, [...(families.get(reason) ?? []), attempt.family]);
  }
  const reasons = [...families].map(([reason, of]) =>
    of.length === sent ? `${reason}.` : `${reason} (${of.join(', ')}).`,
  );
  return problem(CHECK, `${refused.length} of ${sent} deliveries were not accepted. ${reasons.join(' ')}`, REMEDY);
}

/** Without a full stop. `fetch` tells in the cause what went wrong. */
function whyNot({ status, error }: Attempt): string {
  if (status !== undefined) return `The API answered ${status}`;
  const said = [error, error?.cause as Attempt['error']].map((one) => one?.message ?? one?.code).filter(Boolean);
  return said.length === 0 ? 'No response' : said.join(': ').replace(/\.$/, '');
}

/** All have come back: the slowest one, by its legs. */
function legsFinding(answer: number, back: readonly Back[]): Finding {
  const slowest = back.reduce((one, other) => (other.total > one.total ? other : one));
  const { total, queue, buses } = slowest;
  const message = `all ${back.length} families are back within ${total} ms: API at most ${answer} ms, then queue ${queue} ms and buses ${buses} ms`;
  return total > IN_TIME_MS
    ? warning(CHECK, `${message}; the objective is ${IN_TIME_MS} ms.`, REMEDY)
    : ok(CHECK, message);
}

/**
 * Has the prober send.
 *
 * @returns undefined if Lambda throttles it
 * @throws Error if the prober fails
 */
async function send(deployment: Deployment): Promise<SentRun | undefined> {
  const client = new LambdaClient(deployment.clientConfig);
  try {
    const command = new InvokeCommand({ FunctionName: outputOf(deployment, 'ProberFunctionName') });
    const { FunctionError, Payload } = await client.send(command);
    if (FunctionError === undefined && Payload) return JSON.parse(Payload.transformToString());
    throw new Error('The prober failed: look at what it logs, with npx meetbus query failures-by-error.');
  } catch (error) {
    if (error instanceof TooManyRequestsException) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** What has come back of a run, by family, once all of it has, or the patience is over. */
async function waitFor(deployment: Deployment, { run, attempts }: SentRun, since: number): Promise<Map<string, Back>> {
  const logGroups = [outputOf(deployment, 'ProberLogGroupName')];
  const deadline = Date.now() + (deployment.local ? LOCAL_PATIENCE_MS : PATIENCE_MS);
  return withLogSearch(deployment, logGroups, since - CLOCK_AHEAD_MS, async (search) => {
    while (true) {
      const back = backIn((await search.linesWith([run])).map(({ message }) => message));
      if (back.size === attempts.length || Date.now() > deadline) return back;
      await sleep(LOOK_EVERY_MS);
    }
  });
}

/** The metrics of events in log lines. Each event has two lines. */
function backIn(lines: readonly string[]): Map<string, Back> {
  const values = new Map<string, Record<string, number>>();
  for (const line of lines) {
    const { family, ...members } = JSON.parse(line) as Record<string, never> & { readonly family?: string };
    if (family !== undefined) values.set(family, { ...values.get(family), ...members });
  }
  const complete = [...values].flatMap(([family, found]): [string, Back][] => {
    const [total, queue, buses] = [METRIC.probeTime, METRIC.probeQueue, METRIC.probeBuses].map((name) => found[name]);
    return total === undefined || queue === undefined || buses === undefined ? [] : [[family, { total, queue, buses }]];
  });
  return new Map(complete);
}
