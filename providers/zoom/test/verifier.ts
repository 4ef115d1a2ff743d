/** A verifier of Zoom's route, without anything around it. */
import { StaleIfErrorCache } from '../../kit/stale-if-error-cache';
import { webhooks } from '../verify';

/** The verifier, and the secret that it reads: what is put there is found when the verifier loads it again. */
export function startVerifier(...secretTokens: readonly string[]) {
  const secret = { secretTokens };
  const verify = webhooks({
    secret: (reader) =>
      new StaleIfErrorCache({ load: async () => reader.parse(secret), maxAgeMs: Number.POSITIVE_INFINITY }),
  });
  return { secret, verify };
}
