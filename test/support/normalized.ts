/** What a body becomes: read by its provider's runtime, and held against the schema of its type. */
import { CATALOGUE, type MeetingEventType } from '@meetbus/events';
import { eventIdOf } from '../../lambdas/ingest/identity';
import { draftOf, meetingEventIn } from '../../lambdas/publish/meeting-event';
import { newMessage } from './messages';
import { RUNTIMES } from './runtimes';

type Provider = keyof typeof RUNTIMES;

/** The event that a body becomes, parsed by the schema of its type. */
export const eventOf = (provider: Provider, event: string, body: unknown) =>
  eventIn(provider, event, JSON.stringify(body));

/** The same, of the text of a body. */
export function eventIn(provider: Provider, event: string, text: string) {
  const message = newMessage({ provider, providerEvent: event, eventId: eventIdOf(provider, 'test') });
  const draft = draftOf(message, meetingEventIn(RUNTIMES[provider], message, Buffer.from(text)));
  const parsed = CATALOGUE[draft.type].schema.safeParse(draft);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the data of its type.
  return parsed.data as { type: MeetingEventType; subject?: string; time: string; data: Record<string, any> };
}
