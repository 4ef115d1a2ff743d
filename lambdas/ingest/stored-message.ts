/** A stored delivery: the object in the bucket that holds a message until its queue accepts it. */

import { FAMILIES, type Family } from '@meetbus/events';
import * as z from 'zod/mini';
import { OBJECT_PREFIX } from '../platform/object-store';
import { isProviderName } from './delivery-message';

/** Content of the object, in JSON. */
export interface StoredMessage {
  /** The message's text; it is sent to the queue unchanged. */
  readonly text: string;
  readonly groupId?: string | undefined;
}

interface StoredKey {
  readonly provider: string;
  /** When the delivery was received: UTC, ISO 8601. */
  readonly receivedTime: string;
  readonly family: Family;
  readonly eventId: string;
}

/** The prefix under which a provider's verifiers store. */
export const storedPrefixOf = (provider: string): string => `${OBJECT_PREFIX.fallback}${provider}/`;

/** S3 lists keys in the order of their text, so the oldest delivery comes first. */
export const storedKeyOf = ({ provider, receivedTime, family, eventId }: StoredKey): string =>
  `${storedPrefixOf(provider)}${receivedTime}/${family}/${eventId}`;

/** The parts of a key; undefined for a key that no verifier has made. */
export function readStoredKey(key: string): StoredKey | undefined {
  const [provider = '', receivedTime = '', name, eventId = '', ...rest] = key
    .slice(OBJECT_PREFIX.fallback.length)
    .split('/');
  const family = FAMILIES.find((one) => one === name);
  if (!isProviderName(provider) || !family || rest.length > 0) return undefined;
  return { provider, receivedTime, family, eventId };
}

const schema = z.object({ text: z.string(), groupId: z.optional(z.string()) });

/**
 * Reads an object's content.
 *
 * @throws Error that reveals nothing of the content
 */
export function parseStored(content: string): StoredMessage {
  const parsed = schema.safeParse(JSON.parse(content));
  if (parsed.success) return parsed.data;
  throw new Error('The object is not a stored message.');
}
