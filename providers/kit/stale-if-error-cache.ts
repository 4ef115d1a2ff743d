/**
 * A stale-if-error cache for values such as signing secrets and public keys: the last good value serves while its source is
 * down, and no flood of requests reaches the source.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, createSteadyClock } from './clock';

/** Why there is no value. Both are answered 503. */
export type Missing = 'not_configured' | 'key_unavailable';

/** A value, or why there is none. */
export type Held<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly missing: Missing };

/** Thrown by a loader whose source answers and holds nothing usable: an operator has to act, time will not help. */
export class NotConfiguredError extends Error {
  override readonly name = 'NotConfiguredError';
}

/** By name: a runtime is compiled apart from the function that holds the cache, so each has a class of its own. */
export const isNotConfigured = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NotConfiguredError';

/** Where a value comes from. */
export interface CacheSource<T> {
  /** @throws NotConfiguredError where the source answers and holds nothing usable */
  readonly load: () => Promise<T>;
  /** Milliseconds after which a value is loaded again. */
  readonly maxAgeMs: number;
  /** Finds an earlier value when the very first load fails, or takes long. */
  readonly fallback?: () => Promise<T | undefined>;
}

interface Options<T> extends CacheSource<T> {
  /** For tests: may step back as a wall clock does. */
  readonly now?: Clock;
  readonly onSuccess?: () => void;
  readonly onFailure?: (error: unknown) => void;
}

/** A cached value. */
export interface Cached<T> {
  /** The value, at most `maxAgeMs` old while its source answers soon, older while it does not. */
  get(): Promise<Held<T>>;
  /**
   * The value as its source has it now, while forced loads are left. Not ok when the source did not answer last time, even
   * though {@link get} still has an older value.
   */
  refresh(): Promise<Held<T>>;
  /** What the fallback found when the source failed last: another copy may have put a newer value there. */
  readonly stored: T | undefined;
}

/**
 * Milliseconds to leave a failing source alone: long while the value in hand serves. Where only a fresh one will do, the next
 * try of a provider must find the source asked again, and RealtimeKit's comes after a second.
 */
const PAUSE_WHERE_NEEDED_MS = 900;
const PAUSE_WITH_VALUE_MS = 5_000;

/** Milliseconds to wait for a load where an earlier value can serve. The load goes on. */
const PATIENCE_MS = 400;

/**
 * Forced loads: so many at once, and one more every so many milliseconds. Whoever posts a wrong signature now and then
 * gets it checked with a fresh key every time, so that a rotation right after it loses nothing; a flood costs the source
 * half a call a second.
 */
const FORCED_LOADS = 5;
const FORCED_LOAD_EVERY_MS = 2_000;

export class StaleIfErrorCache<T> implements Cached<T> {
  readonly #options: Options<T>;
  readonly #now: Clock;
  #held: Held<T> = { ok: false, missing: 'key_unavailable' };
  #failure: Held<T> | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #forcedLoads = FORCED_LOADS;
  #forcedLoadsCountedAt = 0;
  #loading: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #stored: T | undefined;

  constructor(options: Options<T>) {
    this.#options = options;
    this.#now = createSteadyClock(options.now && [options.now]);
  }

  async get(): Promise<Held<T>> {
    if (this.#now() - this.#loadedAt >= this.#options.maxAgeMs) await this.#loadPatiently();
    return this.#held;
  }

  async refresh(): Promise<Held<T>> {
    const now = this.#now();
    const earned = (now - this.#forcedLoadsCountedAt) / FORCED_LOAD_EVERY_MS;
    this.#forcedLoads = Math.min(FORCED_LOADS, this.#forcedLoads + earned);
    this.#forcedLoadsCountedAt = now;
    if (this.#forcedLoads >= 1) {
      this.#forcedLoads -= 1;
      await this.#load(PAUSE_WHERE_NEEDED_MS);
    }
    return this.#failure ?? this.#held;
  }

  get stored(): T | undefined {
    return this.#stored;
  }

  /** A source that hangs must not use up the time that a provider waits. */
  async #loadPatiently(): Promise<void> {
    const loading = this.#load(this.#held.ok ? PAUSE_WITH_VALUE_MS : PAUSE_WHERE_NEEDED_MS);
    await Promise.race([loading, sleep(PATIENCE_MS, undefined, { ref: false })]);
    if (!this.#held.ok) await Promise.race([loading, this.#look()]);
    if (!this.#held.ok) await loading;
  }

  /** One load at a time, whoever asks, and none while a failing source rests. */
  #load(pause: number): Promise<void> {
    if (this.#now() - this.#failedAt < pause) return Promise.resolve();
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadOnce(): Promise<void> {
    try {
      this.#held = { ok: true, value: await this.#options.load() };
      this.#failure = undefined;
      this.#loadedAt = this.#now();
      this.#options.onSuccess?.();
    } catch (error) {
      this.#failure = {
        ok: false,
        missing: isNotConfigured(error) ? 'not_configured' : 'key_unavailable',
      };
      this.#failedAt = this.#now();
      this.#options.onFailure?.(error);
      await this.#look();
      if (!this.#held.ok) this.#held = this.#failure;
    }
  }

  /** Looks for an earlier value, and holds it where none is held. One look at a time, as it may hang too. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookForEarlier().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookForEarlier(): Promise<void> {
    this.#stored = await this.#options.fallback?.().catch(() => undefined);
    if (this.#stored !== undefined && !this.#held.ok) this.#held = { ok: true, value: this.#stored };
  }
}
