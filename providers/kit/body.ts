/** Reads what the body of a delivery says of itself. Nothing in it can fail. */

import type { Reading } from '../provider';
import { keepDigits } from './json';
import { memberAt } from './values';

/** The body as JSON and its event name. */
export function readBody(body: Buffer): Reading {
  try {
    const parsed: unknown = JSON.parse(textOf(body));
    const event = memberAt(parsed, 'event');
    return { body: parsed, event: typeof event === 'string' && event !== '' ? event : undefined };
  } catch {
    return { body: undefined, event: undefined };
  }
}

/** The body as JSON, its numbers with every digit; without them where it is nested too deep to look at each. */
export function readExactly(body: Buffer): unknown {
  try {
    return JSON.parse(textOf(body), keepDigits);
  } catch {
    return readBody(body).body;
  }
}

const textOf = (body: Buffer): string => new TextDecoder('utf-8', { fatal: true }).decode(body);
