/** Prints a line for each step of each event. */

import type { Step } from '@meetbus/local-cloud';
import { PROBE_NAME, PROBE_ROUTE } from '../../providers/probe/names';
import { isProbeType } from '../../providers/probe/types';
import { colors } from '../colors';

/** The probe runs every minute. While all is well, nobody wants to read that. */
const PROBE_PATH = `/${PROBE_ROUTE}`;

/** The line of a step; undefined for an unimportant step. */
export function lineOf(step: Step): string | undefined {
  switch (step.kind) {
    case 'request': {
      if (step.path === PROBE_PATH && step.status === 200) return undefined;
      const paint = step.status < 300 ? colors.green : step.status < 500 ? colors.yellow : colors.red;
      return `${label('request')} ${step.method} ${step.path} ${paint(String(step.status))} in ${step.milliseconds} ms`;
    }
    case 'batch':
      return batchLine(step.queue, step.bodies.filter((body) => !isOfProbe(body)).length);
    case 'event':
      if (isProbeType(step.type)) return undefined;
      return `${label('event')} ${step.bus}: ${colors.bold(step.type)} ${describeDetail(step.detail)}`;
    case 'log':
      return isRoutine(step.line) ? undefined : `${label('log')} ${step.functionName}: ${step.line}`;
    case 'fault':
      return `${label('fault')} ${step.call}: ${colors.magenta(step.fault)} for ${step.functionName}`;
    case 'trouble':
      return `${label('trouble')} ${colors.red(step.message)}`;
  }
}

const batchLine = (queue: string, messages: number): string | undefined =>
  messages === 0
    ? undefined
    : `${label('queue')} ${queue}: ${messages} ${messages === 1 ? 'message' : 'messages'} taken`;

/** Whether a message in a queue is a delivery of the probe. */
function isOfProbe(body: string): boolean {
  try {
    return (JSON.parse(body) as { readonly provider?: string }).provider === PROBE_NAME;
  } catch {
    return false;
  }
}

const label = (text: string): string => colors.dim(text.padEnd(8));

/** Subject and id of a CloudEvent: enough to follow it, without anything secret. */
function describeDetail(detail: string): string {
  const { subject, id } = JSON.parse(detail) as { readonly subject?: string; readonly id?: string };
  return [subject, id && colors.dim(id)].filter(Boolean).join(' ');
}

/** Metrics, and log lines below a warning, would hide the steps. */
function isRoutine(line: string): boolean {
  try {
    const { level, _aws } = JSON.parse(line) as { readonly level?: string; readonly _aws?: unknown };
    return _aws !== undefined || level === 'INFO' || level === 'DEBUG';
  } catch {
    return false;
  }
}
