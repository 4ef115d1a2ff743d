/** What functions failed with. */
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';
import type { LastHour } from './last-hour';

const CHECK = 'failures';

/** So many kinds of failures are told each. */
const MOST_NAMED = 3;

export async function checkFailures(_: Deployment, __: DeploymentFlags, hour: LastHour): Promise<Finding[]> {
  const rows = await hour.askSaved('failures-by-error');
  if (rows.length === 0) return [ok(CHECK, `none ${hour.words}`)];
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
    return warning(CHECK, `${message}: ${failures} ${hour.words} (${error}).`, remedy);
  });
}
