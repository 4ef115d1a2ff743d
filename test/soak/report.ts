/** The report of a soak, for a person. */
import { availableParallelism, totalmem } from 'node:os';
import Table from 'cli-table3';
import { colors } from '../../bin/colors';
import { CHECKS, type Finding, lostOf, type SoakRecord } from './checks';
import { totals } from './phases';
import type { SoakOptions } from './soak';

const TABLE_STYLE = { style: { head: [], border: [], compact: true } };

/** The report as text, and whether every check holds. */
export function reportOf(options: SoakOptions, record: SoakRecord): { readonly text: string; readonly ok: boolean } {
  const results = CHECKS.map(({ name, find }) => ({ name, ...find(record) }));
  const ok = results.every(({ wrong }) => wrong.length === 0);
  const sections = [
    colors.bold('Setup'),
    setup(options, record),
    colors.bold('Injected'),
    injected(record),
    colors.bold('What the senders saw'),
    senders(record),
    colors.bold('Checks'),
    ...results.map(line),
    ok ? colors.green('All checks hold.') : colors.red(`Some checks failed. Repeat it with --seed ${options.seed}.`),
  ];
  return { text: sections.join('\n'), ok };
}

function setup({ seed, loadMs, perSecond, retries, timesFaster }: SoakOptions, { ledger, phases }: SoakRecord) {
  const clocks = Object.entries(timesFaster).map(([name, times]) => `${name} ${times}`);
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return [
    `  seed ${seed}; ${loadMs / 1000} s of traffic, ${perSecond} deliveries a second on average: ${ledger.size} in all`,
    `  ${phases.length} phases of trouble; ${ledger.lostAnswers} answers lost on the way back to the providers`,
    `  clocks between tries, times faster: ${clocks.join(', ')}; others keep their own time`,
    `  failed messages come back after ${retries.visibilitySeconds} s, and are put aside after ${retries.maxReceives} failures`,
    `  Node.js ${process.version}, ${availableParallelism()} cores, ${gigabytes} GB`,
    '',
  ].join('\n');
}

function injected({ phases }: SoakRecord): string {
  const names = phases.flatMap(({ troubles }) => troubles.map(({ name }) => name));
  const times = Map.groupBy(names, (name) => name);
  const troubles = [...times].map(([name, all]) => (all.length > 1 ? `${name} (${all.length} times)` : name));
  const faults = Object.entries(totals(phases)).sort(([a], [b]) => a.localeCompare(b));
  return [
    ...troubles.sort().map((name) => `  ${name}`),
    '',
    ...faults.map(([name, count]) => `  ${name} ${colors.dim(String(count))}`),
    '',
  ].join('\n');
}

function senders({ senders: all, forgeries, handshakes, ledger, intake }: SoakRecord): string {
  const table = new Table({
    ...TABLE_STYLE,
    head: ['Sender', 'Sent', 'Accepted', 'Given up', 'Lost', 'Tries', 'Answers'],
  });
  for (const { policy, tally } of all) {
    table.push([
      policy.name,
      tally.sent,
      tally.accepted,
      tally.losses.length,
      lostOf({ ledger, intake }, tally).length,
      tally.tries,
      answers(tally.answers),
    ]);
  }
  const { tally } = handshakes;
  table.push(['Handshakes', tally.sent, tally.accepted, '', '', tally.tries, answers(tally.answers)]);
  table.push(['Forgers', forgeries.sent, '', '', '', forgeries.tries, answers(forgeries.answers)]);
  return `${table.toString()}\n`;
}

const answers = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([answer, count]) => `${answer}: ${count}`)
    .join(', ');

/** Culprits that a line names. */
const NAMED = 3;

function line({ name, wrong, detail }: Finding & { readonly name: string }): string {
  const mark = wrong.length === 0 ? colors.green('✓') : colors.red('✗');
  const culprits = wrong.slice(0, NAMED).map((one) => `\n      ${colors.red(one)}`);
  const more = wrong.length > NAMED ? `\n      ${colors.red(`and ${wrong.length - NAMED} more`)}` : '';
  return `  ${mark} ${name} ${colors.dim(`(${detail})`)}${culprits.join('')}${more}`;
}
