/**
 * The public keys that are live: the one that RealtimeKit publishes now, and for a while the one before it. There is no
 * key id and no notice of a rotation, so deliveries signed with the old key may still be on their way, and a refused one
 * is lost for good.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { isStrong } from './public-key';

/** How long a key is accepted after another has taken its place. */
export const PREVIOUS_KEY_MS = 3_600_000;

/** The keys as they are kept, in PEM. */
export interface KeyRecord {
  readonly current: string;
  readonly previous?: string | undefined;
  /** When `current` took the place of `previous`, in milliseconds since 1970. */
  readonly rotatedAt: number;
}

/** Keeps the record where all copies of the verifier find it, also one that starts while the key server is down. */
export interface KeyStore {
  readonly read: () => Promise<KeyRecord | undefined>;
  /** Writes a record, unless one with the same `current` is there: then another copy was first, and its record stays. */
  readonly write: (record: KeyRecord) => Promise<void>;
}

/** The record after a key was fetched: the same one, unless the key is new. */
export function rotate(known: KeyRecord | undefined, fetched: string, now: number): KeyRecord {
  if (known?.current === fetched) return known;
  return { current: fetched, previous: known?.current, rotatedAt: now };
}

/** The keys of a record, best first, and until when each is accepted. */
export interface LiveKey {
  readonly key: KeyObject;
  readonly until: number;
}

/** Reads the keys of a record. One that an earlier version has kept may be too short: it counts no more. */
export function liveKeysOf({ current, previous, rotatedAt }: KeyRecord): LiveKey[] {
  const keys = [{ key: createPublicKey(current), until: Number.POSITIVE_INFINITY }];
  if (previous !== undefined) keys.push({ key: createPublicKey(previous), until: rotatedAt + PREVIOUS_KEY_MS });
  return keys.filter(({ key }) => isStrong(key));
}

interface LoaderOptions {
  readonly fetchKey: () => Promise<string>;
  readonly store: KeyStore;
  readonly now: () => number;
  /** Told of a store that did not answer: it is a help, and must never stand in the way. */
  readonly onStoreFailure: (error: unknown) => void;
}

/** Makes what loads the keys, and what finds earlier ones while the key server is down. */
export function createKeyLoader({ fetchKey, store, now, onStoreFailure }: LoaderOptions) {
  let known: KeyRecord | undefined;
  let isStoreRead = false;
  const readStore = () =>
    store.read().catch((error: unknown): 'unknown' => {
      onStoreFailure(error);
      return 'unknown';
    });
  return {
    load: async (): Promise<LiveKey[]> => {
      const [fetched, stored] = await Promise.all([fetchKey(), isStoreRead ? known : readStore()]);
      // What is there may name the key before; writing over it unread would forget that one.
      isStoreRead = stored !== 'unknown';
      const before = stored === 'unknown' ? known : (stored ?? known);
      known = rotate(before, fetched, now());
      if (isStoreRead && known !== stored) await store.write(known).catch(onStoreFailure);
      return liveKeysOf(known);
    },
    fallback: async (): Promise<LiveKey[] | undefined> => {
      const stored = await store.read();
      const keys = stored && liveKeysOf(stored);
      return keys && keys.length > 0 ? keys : undefined;
    },
  };
}
