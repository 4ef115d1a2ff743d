/** The errors that functions have logged. */
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';
import type { LookBack } from './look-back';

const CHECK = 'failures';

/** Most kinds of failures that get a finding each. */
const MOST_NAMED = 3;

/** What the message of an error line means, and the query that shows more. */
const FAILURES: Readonly<Record<string, readonly [string, string]>> = {
  event: ['a consumer failed with a message', 'on-the-way-to-a-dlq'],
  queue_unavailable: ['a queue did not take a delivery', 'stored-deliveries'],
  secret_unavailable: ['a secret could not be loaded', 'loads-failed'],
  public_key_unavailable: ['a public key could not be loaded', 'loads-failed'],
  probe_not_accepted: ['a delivery of the probe was not accepted', 'failures-by-error'],
  not_brought_back: ['a stored delivery was not brought back', 'stored-deliveries'],
};

export async function checkFailures(_: Deployment, __: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const rows = await back.askSaved('failures-by-error');
  if (rows.length === 0) return [ok(CHECK, `none ${back.words}`)];
  return rows.slice(0, MOST_NAMED).map((row) => {
    const {
      failures,
      message,
      'error.name': name = '',
      'error.message': said = '',
      'error.cause.code': code = '',
    } = row;
    const error = [name, said, code].filter((part) => part !== '').join(': ');
    const [what, query] = FAILURES[message ?? ''] ?? [message, 'failures-by-error'];
    return warning(CHECK, `${what}: ${failures} ${back.words} (${error}).`, `npx meetbus query ${query}`);
  });
}
