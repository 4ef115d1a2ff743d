/** Reads a meeting event from the EventBridge event that a subscriber receives. */
import type * as z from 'zod/mini';
import { CATALOGUE, type MeetingEvent } from './catalogue';
import type { MeetingEventType } from './event-types';

/** The members of an EventBridge event that are used here; every EventBridge event has them. */
export interface EventBridgeEvent {
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** Thrown if the value is not a meeting event of this version of the contract. */
export class MeetingEventError extends Error {
  override readonly name = 'MeetingEventError';

  /**
   * @param message says what is wrong, and what to do
   * @param problems paths at which the event does not match its schema, with the expected type; never a value
   */
  constructor(
    message: string,
    readonly problems: readonly string[] = [],
  ) {
    super(message);
  }
}

/** True if this version of the contract has the type. */
export const isMeetingEventType = (type: string): type is MeetingEventType => Object.hasOwn(CATALOGUE, type);

/**
 * The meeting event in an EventBridge event, typed by its `type`. Fields that this version does not know stay in it.
 *
 * @example
 * ```ts
 * export const handler = async (event: EventBridgeEvent) => {
 *   const meetingEvent = parseMeetingEvent(event);
 *   if (meetingEvent.type === 'recording.ready') console.log(meetingEvent.data.recording.id);
 * };
 * ```
 * @throws MeetingEventError if it is not an EventBridge event, if this version does not know its type, or if the detail breaks
 * its schema
 */
export function parseMeetingEvent(event: EventBridgeEvent): MeetingEvent {
  // A queue can contain anything.
  const type: unknown = (event as EventBridgeEvent | null | undefined)?.['detail-type'];
  if (typeof type !== 'string') {
    throw new MeetingEventError(
      'This is not an EventBridge event: it has no detail-type. Pass the whole event, parsed from JSON, not its detail alone.',
    );
  }
  if (!isMeetingEventType(type)) {
    throw new MeetingEventError(
      `There is no meeting event type "${type}" in this version. Narrow the rule to types that you handle, or update @meetbus/events.`,
    );
  }
  const parsed = CATALOGUE[type].schema.safeParse(event.detail);
  if (parsed.success) return parsed.data as MeetingEvent;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'detail'}: ${expectationOf(issue)}`,
  );
  throw new MeetingEventError(`The detail is not a valid ${type}. Wrong at ${problems.join('; ')}.`, problems);
}

/**
 * What the schema expects. It contains only constants of the schema: an issue may quote the value, which may be secret.
 */
function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'invalid_format':
      return issue.format === 'regex' ? `string that matches ${issue.pattern}` : issue.format;
    case 'too_small':
      return `${issue.origin} of at least ${issue.minimum}`;
    default:
      return issue.code;
  }
}
