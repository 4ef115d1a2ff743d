/** Compares what a provider's `docs.ts` says with what its code makes of its sample bodies. */
import type { MeetingEventType } from '@meetbus/events';
import type { Mismatch, Normalized } from '../normalize';

/** A body that a provider sends, with the name of its event. */
export interface Sent {
  readonly event: string;
  readonly body: unknown;
}

/** What a provider's bodies become. */
export interface Made {
  /** Event names and the types that they become, such as `meeting.ended → meeting.ended`, in alphabetical order. */
  readonly pairs: readonly string[];
  /** Types whose time no body gives, in alphabetical order. */
  readonly timeless: readonly MeetingEventType[];
}

/** Normalizes the bodies. Those that become no event are left out. */
export function madeOf(
  sent: readonly Sent[],
  normalize: (body: unknown, event: string) => Normalized | Mismatch | undefined,
): Made {
  const made = sent.flatMap(({ event: name, body }) => {
    const event = normalize(body, name);
    return event !== undefined && 'type' in event ? [{ name, event }] : [];
  });
  const timed = new Set(made.filter(({ event }) => event.time !== undefined).map(({ event }) => event.type));
  const types = new Set(made.map(({ event }) => event.type));
  return {
    pairs: [...new Set(made.map(({ name, event }) => pairOf(name, event.type)))].sort(),
    timeless: [...types.difference(timed)].sort(),
  };
}

export const pairOf = (name: string, type: MeetingEventType): string => `${name} → ${type}`;
