/** Reads what the body of a delivery says of itself. Nothing in it can fail. */

import type { ProviderRuntime, Reading } from '../runtime';
import { keepDigits } from './json';

/** The body as JSON and its event name, as the provider reads it. */
export function readBody(body: Buffer, runtime: Pick<ProviderRuntime, 'eventNameOf'>): Reading {
  const parsed = parseBody(body);
  return { body: parsed, event: parsed === undefined ? undefined : runtime.eventNameOf(parsed) };
}

/** The body as JSON; undefined where it is not JSON in UTF-8. */
export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(textOf(body));
  } catch {
    return undefined;
  }
}

/** The body as JSON, its numbers with every digit; without them where it is nested too deep to look at each. */
export function readExactly(body: Buffer): unknown {
  try {
    return JSON.parse(textOf(body), keepDigits);
  } catch {
    return parseBody(body);
  }
}

const textOf = (body: Buffer): string => new TextDecoder('utf-8', { fatal: true }).decode(body);
