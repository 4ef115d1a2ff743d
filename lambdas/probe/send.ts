/** Signs a delivery for one family, and sends it. */

import type { Cached } from '../../providers/kit/stale-if-error-cache';
import { probeBody } from '../../providers/probe/names';
import { signProbe } from '../../providers/probe/sign';
import type { ProbedFamily } from '../../providers/probe/types';
import type { PostResult, ProbeDelivery } from './post';

/** A delivery, and how it was answered. */
export interface Attempt extends PostResult {
  readonly family: ProbedFamily;
  /** From sending until the response, or until it failed. */
  readonly milliseconds: number;
}

interface SendOptions {
  /** Keys in the secret; the last one signs. */
  readonly keys: Cached<readonly Buffer[]>;
  readonly post: (delivery: ProbeDelivery) => Promise<PostResult>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const NO_KEY: PostResult = {
  error: { name: 'NoKey', message: 'The secret of the probe cannot be read, or has no key.' },
};

/**
 * Makes the function that sends. It never throws. After a 401 it loads the key again and sends once more: somebody may have replaced the secret. A
 * verifier does the same, so a rotation costs no delivery.
 */
export function createSend({ keys, post, now }: SendOptions) {
  let loading: ReturnType<typeof keys.refresh> | undefined;
  /** One load for all deliveries of a run: the cache limits forced loads. */
  const freshKey = async (): Promise<Buffer | undefined> => {
    loading ??= keys.refresh().finally(() => {
      loading = undefined;
    });
    const fresh = await loading;
    return fresh.ok ? fresh.value.at(-1) : undefined;
  };
  return async (family: ProbedFamily, run: string): Promise<Attempt> => {
    const sentAt = now();
    const body = JSON.stringify(probeBody(family, run, sentAt));
    const tryWith = (key: Buffer) => post({ body, headers: signProbe(body, key, now()) });
    const held = await keys.get();
    const key = held.ok ? held.value.at(-1) : undefined;
    let result: PostResult = key ? await tryWith(key) : NO_KEY;
    if (result.status === 401) {
      const other = await freshKey();
      if (key && other && !other.equals(key)) result = await tryWith(other);
    }
    return { family, ...result, milliseconds: now() - sentAt };
  };
}
