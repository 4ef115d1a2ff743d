/** What `listen` prints of its attempts. */
import { colors } from '../../colors';
import { maskedText } from '../../masked';
import { cut, wrapped } from '../../terminal';
import type { Attempt, Totals } from './forward';

const LONGEST_TYPE = 30;

/** An answer's body is shown up to here: it is for a look, not for keeping. */
const MOST_CHARACTERS = 2_000;
const MOST_LINES = 20;

interface ReportOptions {
  /** Retries that an event has. */
  readonly retries: number;
  /** Shows the body of every answer, not only of those that failed. */
  readonly verbose?: true;
}

/** An attempt as a line of JSON. */
export function jsonOf(attempt: Attempt, options: ReportOptions): string {
  const { event, answer, reason, ...rest } = attempt;
  return JSON.stringify({
    ...event,
    ...rest,
    status: answer?.status ?? null,
    ...(reason !== undefined && { reason: shown(reason) }),
    ...(hasShownBody(attempt, options) && { body: shown(answer?.body ?? '') }),
  });
}

/**
 * An attempt as a line: the event's time, type and subject, the status and milliseconds of the answer, and the event's id.
 * Where that is too long, as two lines without the day. If it failed, the reason and the answer's body are below.
 */
export function linesOf(attempt: Attempt, columns: number | undefined, options: ReportOptions): string {
  const indent = '  ';
  const width = columns && columns - indent.length;
  const below = [
    ...(attempt.reason === undefined ? [] : [wrapped(shown(failureLine(attempt, options)), width)]),
    ...(hasShownBody(attempt, options) ? [shown(attempt.answer?.body ?? '')] : []),
  ].filter((text) => text !== '');
  return [headOf(attempt, columns), ...below.map((text) => text.replace(/^/gm, indent))].join('\n');
}

function headOf({ event, outcome, answer, milliseconds }: Attempt, columns: number | undefined): string {
  const { time, type, subject = '', id } = event;
  const paint = outcome === 'delivered' ? colors.green : colors.red;
  const status = String(answer?.status ?? '---');
  const took = `${milliseconds} ms`.padStart(8);
  const line = [time, type.padEnd(LONGEST_TYPE), subject.padEnd(40), status, took, id].join('  ');
  if (columns === undefined || line.length <= columns) {
    return [colors.dim(time), type.padEnd(LONGEST_TYPE), subject.padEnd(40), paint(status), took, colors.dim(id)].join(
      '  ',
    );
  }
  const clock = time.slice(11, 19);
  const first = cut(subject, Math.max(1, columns - clock.length - type.length - 4));
  const indent = ' '.repeat(clock.length + 2);
  return (
    `${colors.dim(clock)}  ${type}  ${first}`.trimEnd() +
    `\n${indent}${paint(status)}  ${took.trim()}  ${colors.dim(id)}`
  );
}

/** Why an attempt failed, and what comes next. */
function failureLine({ attempt, reason, againInSeconds }: Attempt, { retries }: ReportOptions): string {
  const next = againInSeconds === undefined ? 'Given up: it will not come again.' : `Again in ${againInSeconds} s.`;
  return `Attempt ${attempt} of ${retries + 1} failed. ${reason} ${next}`;
}

const hasShownBody = ({ answer, outcome }: Attempt, { verbose }: ReportOptions): boolean =>
  answer !== undefined && answer.body !== '' && (verbose === true || outcome !== 'delivered');

/** A text of the handler without credentials, links and characters that would steer a terminal, cut to what a person reads. */
function shown(text: string): string {
  const whole = maskedText(text).trim().replaceAll('\r\n', '\n').replaceAll('\t', '  ');
  const some = whole.slice(0, MOST_CHARACTERS).split('\n').slice(0, MOST_LINES).join('\n');
  const harmless = some.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return some.length < whole.length ? `${harmless} …` : harmless;
}

/** What came of all, in a sentence. */
export function summaryOf({ delivered, givenUp, waiting }: Totals): string {
  const parts = [`${count(delivered)} delivered`, ...(givenUp > 0 ? [`${count(givenUp)} given up`] : [])];
  const rest =
    waiting > 0 ? ` ${count(waiting)} that had failed will not come again, because the queue is deleted.` : '';
  return `${parts.join(', ')}.${rest}`;
}

const count = (events: number): string => (events === 1 ? '1 event' : `${events} events`);
