/** Whether the API answers, and each verifier behind it. */
import type { ProviderCli } from '../../../providers/cli';
import { type Deployment, outputOf } from '../../deployment';
import { withCause } from '../../errors';
import { type Finding, ok, problem } from '../../findings';
import { providersOf, readCli } from '../../providers';

/** Longer than the API may take, which is 29 seconds by default. A person waits here, and no delivery. */
const TIMEOUT_MS = 30_000;

/** Marks the doctor's own requests in the access log. */
export const USER_AGENT = 'meetbus-doctor';

/** A verifier that refuses an unsigned request works, and has its secret or key. */
export async function checkApi(deployment: Deployment): Promise<Finding[]> {
  const apiUrl = outputOf(deployment, 'ApiUrl');
  const findings = providersOf(deployment).map(async (provider) => {
    const cli = await readCli(provider);
    return Promise.all(
      provider.routes.map(async ({ path }) => apiFinding(path, await ask(new URL(path, apiUrl)), provider.title, cli)),
    );
  });
  return (await Promise.all(findings)).flat();
}

/** Sends an unsigned request. Returns the status of the answer, or why there is none. */
function ask(url: URL): Promise<number | string> {
  const headers = { 'user-agent': USER_AGENT };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(url, { method: 'POST', body: '{}', headers, signal }).then(({ status }) => status, withCause);
}

const SECRET: NonNullable<ProviderCli['lacks']> = {
  what: 'secret',
  remedy: 'Look at what it holds: npx meetbus secrets show',
};

/** @param status of the answer, or why there is none */
function apiFinding(path: string, status: number | string, title: string, cli: ProviderCli | undefined): Finding {
  const check = `/${path}`;
  if (status === 401) return ok(check, 'refuses an unsigned request with 401');
  if (typeof status === 'string') {
    const remedy = 'Look at the network from here, and whether the stack is deployed.';
    return problem(check, `The API cannot be reached: ${status}`, remedy);
  }
  if (status === 503) {
    const { what, remedy } = cli?.lacks ?? SECRET;
    const then = `; then at what the verifier logs: npx meetbus query loads-failed. ${title} tries again meanwhile.`;
    return problem(check, `It answers 503: the verifier has no ${what}, or fails.`, `${remedy}${then}`);
  }
  return problem(check, `It answers ${status} to an unsigned request, not 401.`, 'Deploy again, and look at the logs.');
}
