/** What functions failed with. */
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';
import type { LookBack } from './look-back';

const CHECK = 'failures';

/** So many kinds of failures are told each. */
const MOST_NAMED = 3;

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
    const remedy = 'npx meetbus query failures-by-error; npx meetbus query on-the-way-to-a-dlq';
    return warning(CHECK, `${message}: ${failures} ${back.words} (${error}).`, remedy);
  });
}
