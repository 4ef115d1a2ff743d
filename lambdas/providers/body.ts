/** Reads what the body of a delivery says of itself. Nothing in it can fail. */
import type { Reading } from './provider';
import { memberAt } from './values';

/** The body as JSON and its event name. */
export function readBody(body: Buffer): Reading {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    const event = memberAt(parsed, 'event');
    return { body: parsed, event: typeof event === 'string' && event !== '' ? event : undefined };
  } catch {
    return { body: undefined, event: undefined };
  }
}
