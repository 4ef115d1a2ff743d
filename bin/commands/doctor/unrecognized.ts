/** Genuine deliveries that became `event.unrecognized`. */
import type { Deployment, DeploymentFlags } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';
import type { LookBack } from './look-back';

const CHECK = 'unrecognized events';

/** Most event names that the finding lists. */
const MOST_NAMED = 5;

export async function checkUnrecognized(_: Deployment, __: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const rows = await back.askSaved('unrecognized-names');
  if (rows.length === 0) return [ok(CHECK, `none ${back.words}`)];
  const total = rows.reduce((sum, { events = '0' }) => sum + Number(events), 0);
  const named = rows
    .slice(0, MOST_NAMED)
    .map(({ providerEvent, events }) => `${providerEvent || 'no name'} (${events})`);
  const names = `${named.join(', ')}${rows.length > MOST_NAMED ? ', …' : ''}`;
  const remedy = 'npx meetbus events list --unrecognized; docs/runbook.md#unrecognized-events';
  return [warning(CHECK, `${total} ${back.words}: ${names}.`, remedy)];
}
