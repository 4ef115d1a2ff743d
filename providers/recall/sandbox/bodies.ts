import type { ProviderBody } from '../../kit/sandbox/delivery';
import { dashboardBuilders } from './dashboard';
import type { RecallOptions } from './objects';
import { olderBuilders } from './older';
import { realTimeBuilders } from './real-time';

export type { RecallOptions, RecallParticipant } from './objects';

const liveBuilders = { ...realTimeBuilders, ...olderBuilders };
const builders = { ...dashboardBuilders, ...liveBuilders };

/**
 * Builds the body of a Recall event.
 *
 * @param event a provider event name, such as `bot.done` or `transcript.data`
 * @param options ids, times and words to use; without them, those of the sample meeting
 * @throws Error if there is no sample of that event
 */
export function recallBody(event: string, options: RecallOptions = {}): ProviderBody {
  const build = Object.hasOwn(builders, event) ? builders[event] : undefined;
  if (!build) throw new Error(`There is no sample of "${event}". Recall's are: ${Object.keys(builders).join(', ')}.`);
  return build(event, options);
}

/** The route that Recall sends an event to. Its two systems share prefixes, so only the whole name decides. */
export function recallRoute(event: string): '/recall/webhooks' | '/recall/realtime' {
  return Object.hasOwn(liveBuilders, event) ? '/recall/realtime' : '/recall/webhooks';
}

/** One body for every Recall event, by event name. */
export const recallSamples: Readonly<Record<string, ProviderBody>> = Object.fromEntries(
  Object.keys(builders).map((event) => [event, recallBody(event)]),
);
