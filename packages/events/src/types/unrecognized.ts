import * as z from 'zod/mini';
import { described } from '../described';
import { UNRECOGNIZED_REASONS, type UnrecognizedReason } from '../event-types';
import { defineMeetingEvent } from '../meeting-event';
import type { Open } from '../names';

/** Open, because a later version may distinguish more reasons. */
const reason: z.ZodMiniType<Open<UnrecognizedReason>> = z.string();

export const eventUnrecognized = defineMeetingEvent({
  type: 'event.unrecognized',
  description:
    'A genuine delivery that Meetbus does not recognize, such as a new event name or a changed payload, or that proves too little. It is only on the intake bus.',
  data: {
    reason: described(reason, `One of ${UNRECOGNIZED_REASONS.join(', ')}, or a later one`),
    problems: described(
      z.optional(z.array(z.string())),
      'Where the payload breaks its schema: paths and what was expected there, never a value',
    ),
    rawbase64: described(z.optional(z.string()), 'The body in base64, where it is not JSON'),
  },
  example: {
    providerevent: 'galaxy.discovered',
    subject: 'provider/acme',
    data: { reason: 'unknown_event_name' },
  },
});
