/** How the routes of Recall.ai verify a delivery. */
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { isSigned, verifySignature } from '../kit/standard-webhooks';
import { verifyQueryToken } from '../kit/token';
import type { RuntimeContext, Verify } from '../runtime';
import { parseRecallSecrets } from './secrets';

/** The options that the definition passes to the runtime. */
export interface RecallOptions {
  /** Refuse real-time deliveries that have a token but no signature. */
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
 * Real-time endpoints: the signature if its headers are present, otherwise the token, which proves only live events. A
 * signed delivery falls back to its token while no signing secret is configured, because Recall.ai begins to sign as
 * soon as a workspace has a secret, and an operator who has not copied it to Meetbus yet would lose every stream. If it
 * has no token either, it gets a 503 and is not refused, because the signature may be valid.
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
