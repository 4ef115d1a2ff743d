/** Whether the API answers, and each verifier behind it. */
import type { Provider } from '../../../providers/provider';
import { type Deployment, outputOf } from '../../deployment';
import { withCause } from '../../errors';
import { type Finding, ok, problem } from '../../findings';
import { PROVIDERS } from '../../providers';

/** Longer than the API may take, which is 29 seconds by default. A person waits here, and no delivery. */
const TIMEOUT_MS = 30_000;

/** By this the doctor's own requests are told from others in the access log. */
export const USER_AGENT = 'meetbus-doctor';

/** An unsigned request must be refused: that proves the API and each verifier, its secret or key included. */
export function checkApi(deployment: Deployment): Promise<Finding[]> {
  const apiUrl = outputOf(deployment, 'ApiUrl');
  return Promise.all(
    PROVIDERS.flatMap((provider) => provider.routes.map(({ path }) => ({ provider, path }))).map(
      async ({ provider, path }) => {
        const url = new URL(path, apiUrl);
        const headers = { 'user-agent': USER_AGENT };
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const answer = await fetch(url, { method: 'POST', body: '{}', headers, signal }).then(
          ({ status }) => status,
          withCause,
        );
        return apiFinding(provider, path, answer);
      },
    ),
  );
}

/** @param status of the answer, or why there was none */
function apiFinding({ title, loads = [] }: Provider, path: string, status: number | string): Finding {
  const check = `/${path}`;
  if (status === 401) return ok(check, 'refuses an unsigned request with 401');
  if (typeof status === 'string') {
    const remedy = 'Look at the network from here, and whether the stack is deployed.';
    return problem(check, `The API cannot be reached: ${status}`, remedy);
  }
  if (status === 503) {
    const [what, remedy] =
      loads.length > 0
        ? ['public key', 'Look at "public key" below, and at the setting realtimekit.keyUrl']
        : ['secret', 'Look at what it holds: npx meetbus secrets show'];
    const then = `; then at what the verifier logs: npx meetbus query loads-failed. ${title} tries again meanwhile.`;
    return problem(check, `It answers 503: the verifier has no ${what}, or fails.`, `${remedy}${then}`);
  }
  return problem(check, `It answers ${status} to an unsigned request, not 401.`, 'Deploy again, and look at the logs.');
}
