/** What the local cloud reports while it runs. */
import type { DeliveryReport } from './eventbridge/types';
import type { InjectedFault } from './faults/faults';

/** One step of a request, a message or an event. */
export type Step =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly milliseconds: number;
    }
  | { readonly kind: 'batch'; readonly queue: string; readonly bodies: readonly string[] }
  | { readonly kind: 'event'; readonly bus: string; readonly type: string; readonly detail: string }
  | { readonly kind: 'log'; readonly functionName: string; readonly line: string }
  | ({ readonly kind: 'fault' } & InjectedFault)
  | { readonly kind: 'trouble'; readonly message: string };

/** Takes each step as it happens. */
export type OnStep = (step: Step) => void;

/** Runs a permission check and reports a denial: the program that is denied may not log it. */
export function reportDenial(onStep: OnStep, check: () => void): void {
  try {
    check();
  } catch (error) {
    onStep({ kind: 'trouble', message: (error as Error).message });
    throw error;
  }
}

/** One line about an event that a target did not take. */
export function describeReport(report: DeliveryReport): string {
  if (report.status === 'no_such_bus') return `There is no bus ${report.busName}: the event was dropped.`;
  const { status, rule, targetArn, error } = report;
  return `Rule ${rule.name}: ${status} for ${targetArn}${error ? ` (${error.code}: ${error.message})` : ''}`;
}
