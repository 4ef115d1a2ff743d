/** The findings of a check, each with its remedy. */

import { addressed } from './addressed';
import { colors } from './colors';
import { type Column, columnsFor, printJson, tableOf } from './output';
import { USUAL_COLUMNS } from './terminal';

/** A `warning` is worth a look; only a `problem` makes the command exit with 1. */
export type FindingStatus = 'ok' | 'warning' | 'problem';

/** The result of one check. */
export interface Finding {
  /** The subject of the check, in a word or two. */
  readonly check: string;
  readonly status: FindingStatus;
  /** The result, in a sentence. */
  readonly message: string;
  /** What to do about it; absent if all is well. */
  readonly remedy?: string | undefined;
}

/** A finding that all is well. */
export const ok = (check: string, message: string): Finding => ({ check, status: 'ok', message });

/** A finding that something is wrong. */
export const problem = (check: string, message: string, remedy: string): Finding => ({
  check,
  status: 'problem',
  message,
  remedy,
});

/** A finding that something is worth a look. */
export const warning = (check: string, message: string, remedy: string): Finding => ({
  check,
  status: 'warning',
  message,
  remedy,
});

const SIGNS: Readonly<Record<FindingStatus, () => string>> = {
  ok: () => colors.green('✓'),
  warning: () => colors.yellow('!'),
  problem: () => colors.red('✗'),
};

const COLUMNS: readonly Column<Finding>[] = [
  { title: '', value: ({ status }) => SIGNS[status]() },
  { title: 'check', value: ({ check }) => check },
  {
    title: 'finding',
    value: ({ message, remedy }) => addressed(remedy ? `${message}\n${colors.dim(`→ ${remedy}`)}` : message),
    narrow: 'wrap',
  },
];

/** Prints findings, and sets exit code 1 if one of them is a problem. */
export function reportFindings(findings: readonly Finding[], { json }: { readonly json?: true | undefined }): void {
  if (findings.some(({ status }) => status === 'problem')) process.exitCode = 1;
  if (json) printJson(findings);
  else console.log(tableOf(COLUMNS, findings, columnsFor() ?? USUAL_COLUMNS));
}
