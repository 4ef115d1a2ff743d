/** How the routes of Recall.ai verify a delivery. */
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { isSigned, verifySignature } from '../kit/standard-webhooks';
import { verifyQueryToken } from '../kit/token';
import type { RuntimeContext, Verify } from '../runtime';
import { parseRecallSecrets } from './secrets';

/** What the definition passes to the runtime. */
export interface RecallOptions {
  /** Refuse real-time deliveries that carry a token but no signature. */
  readonly requireSignature?: boolean;
}

type Context = RuntimeContext<RecallOptions>;

const secretOf = ({ secret }: Context) => secret({ parse: parseRecallSecrets });

/** Dashboard webhooks: only a signature proves them. */
export function webhooks(context: Context): Verify {
  const secret = secretOf(context);
  return (delivery) =>
    verifyWithFreshKeys(secret, ({ signingKeys }) => verifySignature(delivery, signingKeys, delivery.receivedAt));
}

/**
 * Real-time endpoints: the signature where its headers are there, else the token, which proves live events alone. A signed
 * delivery falls back to its token while no signing secret is configured, because Recall.ai begins to sign as soon as a
 * workspace has a secret, and an operator who has not brought it over yet would lose every stream. Without a token too it
 * is answered 503, not refused: nobody can say yet that it is wrong.
 */
export function realtime(context: Context): Verify {
  const secret = secretOf(context);
  const { requireSignature = false } = context.options;
  return (delivery) =>
    verifyWithFreshKeys(secret, ({ signingKeys, realtimeTokens }) => {
      const canFallBack = signingKeys.length === 0 && delivery.query.has('token');
      const bySignature = requireSignature || (isSigned(delivery) && !canFallBack);
      return bySignature
        ? verifySignature(delivery, signingKeys, delivery.receivedAt)
        : verifyQueryToken(delivery, realtimeTokens);
    });
}
