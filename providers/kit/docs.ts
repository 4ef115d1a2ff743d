/** Helps providers to describe their events for `docs/events.md`. */
import type { MeetingEventType } from '@meetbus/events';
import type { EventDocs } from '../provider';

/** Describes events whose name alone decides their type. Names that are not known are left out. */
export const docsOf = (
  names: readonly string[],
  typeOf: (event: string) => MeetingEventType | undefined,
): readonly EventDocs[] =>
  names.flatMap((name) => {
    const type = typeOf(name);
    return type === undefined ? [] : [{ name, type }];
  });
