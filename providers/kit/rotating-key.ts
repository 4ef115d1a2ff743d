/**
 * A public key that its provider replaces without notice and without a key id. Besides the published key, the previous one is accepted
 * for a while, because deliveries that it has signed may still be on their way.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { RuntimeContext, StoredRecord } from '../runtime';
import { isStrong } from './public-key';
import type { Cached } from './stale-if-error-cache';

/** How long a key is accepted after another has taken its place. */
export const PREVIOUS_KEY_MS = 3_600_000;

/** The keys as they are stored, in PEM. */
export interface KeyRecord {
  readonly current: string;
  readonly previous?: string | undefined;
  /** When `current` took the place of `previous`, in milliseconds since 1970. */
  readonly rotatedAt: number;
}

/** Stores the record for all copies of the verifier, including one that starts while the key server is down. */
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

/** A key, and until when it is accepted. */
export interface LiveKey {
  readonly key: KeyObject;
  readonly until: number;
}

/** Reads the keys of a record, the current one first. A short key that an earlier version has stored is left out. */
export function liveKeysOf({ current, previous, rotatedAt }: KeyRecord): LiveKey[] {
  const keys = [{ key: createPublicKey(current), until: Number.POSITIVE_INFINITY }];
  if (previous !== undefined) keys.push({ key: createPublicKey(previous), until: rotatedAt + PREVIOUS_KEY_MS });
  return keys.filter(({ key }) => isStrong(key));
}

interface LoaderOptions {
  readonly fetchKey: () => Promise<string>;
  readonly store: KeyStore;
  readonly now: () => number;
  /** Called where the store does not answer. The key is used anyway. */
  readonly onStoreFailure: (error: unknown) => void;
}

/** Makes the function that loads the keys, and the fallback that finds stored keys while the key server is down. */
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

const ONE_HOUR_MS = 3_600_000;

/**
 * The live keys of a provider, cached for an hour. The last good ones outlive an outage of the key server, also across cold
 * starts.
 *
 * @param name one of the provider's `loads`, and the name of the record that keeps the keys
 */
export function cachedRotatingKey(
  { cached, records, warn, describe }: Pick<RuntimeContext, 'cached' | 'records' | 'warn' | 'describe'>,
  name: string,
  fetchKey: () => Promise<string>,
): Cached<readonly LiveKey[]> {
  const store: KeyStore = {
    read: async () => keyRecordOf(await records.read(name)),
    write: (record) => records.write(name, { ...record }, 'current'),
  };
  const onStoreFailure = (error: unknown) => warn('public_key_store_unavailable', { error: describe(error) });
  return cached(name, {
    ...createKeyLoader({ fetchKey, store, now: Date.now, onStoreFailure }),
    maxAgeMs: ONE_HOUR_MS,
  });
}

function keyRecordOf({ current, previous, rotatedAt }: StoredRecord = {}): KeyRecord | undefined {
  if (typeof current !== 'string') return undefined;
  return { current, previous: typeof previous === 'string' ? previous : undefined, rotatedAt: Number(rotatedAt ?? 0) };
}
