/**
 * The families of meeting event types. Each family has one queue, one consumer and one dead-letter queue, so that a
 * problem in one, such as a burst of transcript segments, does not affect the others.
 */
export const FAMILIES = [
  'bot',
  'meeting',
  'participant',
  'recording',
  'transcript',
  'workspace',
  'unrecognized',
] as const;

/** Name of a family of event types. */
export type Family = (typeof FAMILIES)[number];
