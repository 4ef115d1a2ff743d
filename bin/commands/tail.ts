/** `meetbus tail`: shows meeting events of the shared bus as they arrive. */

import { Command, Option } from 'commander';
import { presentable } from '../../lambdas/ingest/delivery-message';
import { colors } from '../colors';
import { addDeploymentOptions, type DeploymentFlags, findDeployment, outputOf } from '../deployment';
import { interruptible } from '../interrupt';
import {
  addJsonOption,
  addWideOption,
  botBeside,
  columnsFor,
  footer,
  type JsonFlags,
  note,
  type WideFlags,
} from '../output';
import { cut } from '../terminal';
import { durationMs, positiveInteger, repeated } from '../usage';
import { patternOf, type TailFilter } from './tail/pattern';
import { type TemporaryQueue, withTemporaryQueue } from './tail/temporary-queue';

type Flags = DeploymentFlags &
  JsonFlags &
  WideFlags &
  TailFilter & { readonly limit?: number; readonly timeout: number };

/** The parts of an event that are shown. */
interface Shown {
  readonly detail: {
    readonly id: string;
    readonly time: string;
    readonly type: string;
    readonly subject?: string;
    readonly data: { readonly bot?: { readonly id?: string } };
  };
}

const LONGEST_TYPE = 30;

export function tailCommand(): Command {
  const command = new Command('tail')
    .description('Show meeting events of the shared bus as they arrive, until Ctrl-C.')
    .option('--type <type>', "only this type, such as bot.status_changed or 'recording.*'; may be repeated", repeated)
    .option('--subject <subject>', "only about this, such as bot/<id> or 'meeting/*'; may be repeated", repeated)
    .option('--limit <count>', 'end after so many events', positiveInteger)
    .addOption(
      new Option('--timeout <duration>', 'end after so long').argParser(durationMs).default(durationMs('1h'), '1h'),
    )
    .addHelpText('after', footer(HELP))
    .action(tail);
  return addWideOption(addJsonOption(addDeploymentOptions(command)));
}

const HELP = `
A line is an event: when it happened, type, subject, id, and the bot where the subject does not name it. On a terminal
that is too narrow for it an event has two lines, and ids are cut but for its own; --wide prints all.
--json prints one event a line, whole: with personal data and download links, so mind where it goes.

It makes a rule on the shared bus and a queue, and deletes both when it ends. If it is killed, they stay until a tail or
listen starts a quarter of an hour later: that one deletes them. On AWS a new rule may take a minute to see its first event.
It exits with 1 if fewer events came than --limit.

Examples:
  npx meetbus tail --local
  npx meetbus tail --type 'recording.*' --type transcript.ready
  npx meetbus tail --subject 'bot/6f0c1c1e-*' --json --limit 1 --timeout 5m`;

async function tail(flags: Flags): Promise<void> {
  const pattern = patternOf(flags);
  const deployment = await findDeployment(flags);
  const busName = outputOf(deployment, 'SharedBusName');
  await interruptible(
    (signal) =>
      withTemporaryQueue(deployment.clientConfig, busName, pattern, async (queue) => {
        note(`Waiting for events of ${busName} …`);
        const shown = await show(queue, flags, signal);
        if (shown < (flags.limit ?? 0)) process.exitCode = 1;
      }),
    flags.timeout,
  );
}

/** Shows events until there are enough, or until the signal; returns the number of shown events. */
async function show(
  queue: TemporaryQueue,
  { limit = Infinity, json, wide }: Flags,
  signal: AbortSignal,
): Promise<number> {
  let shown = 0;
  while (shown < limit && !signal.aborted) {
    for (const text of (await queue.receive(signal)).slice(0, limit - shown)) {
      console.log(json ? text : lineOf(JSON.parse(text), columnsFor({ wide })));
      shown++;
    }
  }
  return shown;
}

/**
 * An event as a line, or as two if one would be too long: then without the day, and with cut ids, except the event id,
 * which other commands need. The bot is at the end, if the event has one that its subject does not name.
 */
export function lineOf({ detail: { time, type, subject = '', id, data } }: Shown, columns: number | undefined): string {
  const bot = botBeside(subject, data.bot?.id && presentable(data.bot.id)) ?? '';
  const line = [time, type.padEnd(LONGEST_TYPE), subject.padEnd(40), id, bot].join('  ').trimEnd();
  if (columns === undefined || line.length <= columns)
    return line.replace(time, colors.dim(time)).replace(id, colors.dim(id));
  const clock = time.slice(11, 19);
  const indent = ' '.repeat(clock.length + 2);
  const first = cut(subject, Math.max(1, columns - indent.length - type.length - 2));
  const second = cut(bot, Math.max(1, columns - indent.length - id.length - 2));
  return `${colors.dim(clock)}  ${type}  ${first}\n${indent}${colors.dim(id)}  ${second}`.replace(/ +$/gm, '');
}
