/** How the deployment is: the doctor's findings, the alarms with the runbook, and the flow dashboard. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { anchorOf } from '../../../lib/monitoring/names';
import { alarmsOf, type Alarm as FoundAlarm } from '../../commands/doctor/alarms';
import { checksFor, examine } from '../../commands/doctor/examine';
import { maskedText } from '../../masked';
import { providersOf } from '../../providers';
import { sinceMs, UsageError } from '../../usage';
import { addressedFor } from '../addressed';
import type { Alarm, Alarms, CheckProgress, Finding, RunbookSection } from '../api/health';
import { readFlow } from '../flow';
import { follow } from '../follow';
import { asOption } from '../input';
import { ask, type ConsoleContext, read } from '../route';
import { readRunbook, sectionOf, toHtml } from '../runbook';

const CHECK = z.object({ since: asOption(sinceMs) });
const HOURS = z.object({ hours: z.coerce.number().int().min(1).max(24) });

export const healthRoutes = [
  // A console that only reads leaves out the checks that send something.
  ask('/api/health/check', ({ deployment, flags, allowsChanges }, { body, signal }) => {
    const { since } = CHECK.parse(body);
    return follow<CheckProgress>(async (tell) => {
      const [all, addressed] = await Promise.all([checksFor(providersOf(deployment)), addressedFor(flags)]);
      const checks = all.filter(({ sends }) => allowsChanges || !sends);
      await tell({ checks: checks.map(({ name }) => name) });
      const withCommands = ({ remedy, ...finding }: Finding): Finding => ({
        ...finding,
        // It may name events as their provider has named them.
        message: maskedText(addressed(finding.message)),
        ...(remedy !== undefined && { remedy: addressed(remedy) }),
      });
      await examine({
        ...{ deployment, flags, checks, since, signal },
        onFound: ({ name }, findings) =>
          void tell({ check: name, findings: (findings as Finding[]).map(withCommands) }),
      });
    });
  }),
  read('/api/health/alarms', alarms),
  read('/api/runbook/:section', async ({ flags }, { params }): Promise<RunbookSection> => {
    const section = sectionOf(readRunbook(), params.section ?? '');
    if (!section) throw new UsageError(`The runbook has no section ${params.section}.`);
    const addressed = await addressedFor(flags);
    return { title: section.title, html: toHtml(addressed(section.markdown)) };
  }),
  read('/api/health/flow', ({ deployment }, { query }) => readFlow(deployment, HOURS.parse(query).hours)),
];

/** The alarms by what a person must see first. */
const STATES: readonly Alarm['state'][] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

async function alarms({ deployment }: ConsoleContext): Promise<Alarms> {
  const client = new CloudWatchClient(deployment.clientConfig);
  try {
    const found = (await alarmsOf(client, deployment)).map(alarmOf);
    return { alarms: found.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state)) };
  } finally {
    client.destroy();
  }
}

/**
 * An alarm with the parts of its description, which `lib/monitoring/alarms.ts` writes: `[page] What it means. … Runbook: …`, where the
 * runbook is a section's name, or an address with an anchor.
 */
export function alarmOf({ name, state, since, reason, description }: FoundAlarm): Alarm {
  const [, severity = '', meaning = '', runbook = ''] = /^\[(\w+)\] (.*?)(?: Runbook: (.*))?$/s.exec(description) ?? [
    ...['', '', description, ''],
  ];
  const section = /#([\w-]+)$/.exec(runbook)?.[1] ?? anchorIn(runbook);
  return {
    ...{ name, state, reason, meaning, severity },
    ...(since && { since: since.toISOString() }),
    ...(section !== undefined && { section }),
  };
}

function anchorIn(runbook: string): string | undefined {
  const heading = /"([^"]+)"$/.exec(runbook)?.[1];
  return heading === undefined ? undefined : anchorOf(heading);
}
