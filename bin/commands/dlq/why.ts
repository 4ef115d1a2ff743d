/** Finds out from the consumer's logs why messages failed. */
import { pascalCase } from '../../../lib/pascal-case';
import type { Deployment } from '../../deployment';
import { messageOf } from '../../errors';
import { logGroupsOf } from '../../insights';
import { type LogLine, withLogSearch } from '../trace/log-search';
import { failureOf, type LoggedError } from '../trace/steps';
import type { MessageSummary } from './messages';

/** A consumer retries for a quarter of an hour; a message may have waited four days before that. */
const LOOK_BACK_MS = 5 * 24 * 3_600_000;

/** The last failure of each message, by the message's id. */
export interface Failures {
  readonly byMessage: ReadonlyMap<string, string>;
  /** Present if the logs could not be read. */
  readonly whyNot?: string;
}

/** A line of a consumer about a message. */
interface FailureLine {
  readonly messageId?: string;
  readonly error?: LoggedError;
}

/** Looks for the last failure of each message in the logs of the family's consumer. */
export async function failuresOf(
  deployment: Deployment,
  family: string,
  messages: readonly MessageSummary[],
): Promise<Failures> {
  if (messages.length === 0) return { byMessage: new Map() };
  try {
    const logGroups = logGroupsOf(deployment, 'everything');
    const own = logGroups.filter((name) => name.includes(`${pascalCase(family)}Lane`));
    const lines = await withLogSearch(deployment, own.length > 0 ? own : logGroups, since(messages), (search) =>
      search.linesWith(messages.map(({ messageId }) => messageId)),
    );
    return { byMessage: new Map(lines.toSorted((a, b) => a.timestamp - b.timestamp).flatMap(failureIn)) };
  } catch (error) {
    return { byMessage: new Map(), whyNot: messageOf(error) };
  }
}

const since = (messages: readonly MessageSummary[]): number => {
  const oldest = Math.min(
    ...messages.map(({ sentTime }) => Date.parse(sentTime)).filter((time) => !Number.isNaN(time)),
  );
  return Number.isFinite(oldest) ? oldest : Date.now() - LOOK_BACK_MS;
};

/** The id of the message and its failure; undefined for any other line. */
function failureIn({ message }: LogLine): [string, string][] {
  try {
    const { messageId, error }: FailureLine = JSON.parse(message);
    return messageId !== undefined && error !== undefined ? [[messageId, failureOf(error)]] : [];
  } catch {
    return [];
  }
}
