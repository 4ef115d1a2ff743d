import type { ProviderBody } from '../../kit/sandbox/delivery';
import { REALTIMEKIT_EVENTS, realtimekitBody } from './bodies';

export { type RealtimeKitOptions, realtimekitBody, SAMPLE_ORGANIZATION_ID } from './bodies';

/** One body for every RealtimeKit event, by event name. */
export const realtimekitSamples: Readonly<Record<string, ProviderBody>> = Object.fromEntries(
  REALTIMEKIT_EVENTS.map((event) => [event, realtimekitBody(event)]),
);
