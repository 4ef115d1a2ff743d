/** Verifies a delivery of the Zoom route, and answers Zoom's handshake. */
import { createHmac } from 'node:crypto';
import { parseBody } from '../kit/body';
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { type HmacScheme, verifyHmac } from '../kit/hmac';
import { memberAt, textAt } from '../kit/values';
import {
  type Answered,
  type Delivery,
  type Refused,
  type RuntimeContext,
  refused,
  type Verification,
  type Verify,
} from '../runtime';
import { parseZoomSecret } from './secret';

/** Zoom waits three seconds, also for the answer to a handshake. A verifier must answer even if Secrets Manager hangs. */
const SECRET_TIMEOUT_MS = 700;

/**
 * Zoom sends a delivery again 5, 25 and 85 minutes after the first try, and does not say whether the timestamp is new each time: if it is
 * not, a short tolerance would refuse every retry, and Zoom never repeats a refused delivery. The rest of the day is for deliveries that
 * wait at Zoom during a disruption. The defence against replays is that verifiers remember deliveries for longer, see
 * `rememberSeconds`. A timestamp in the future has no such excuse.
 */
const TOLERANCE_SECONDS = { past: 24 * 3600, future: 300 };

const SCHEME: HmacScheme = {
  header: 'x-zm-signature',
  prefix: 'v0=',
  encoding: 'hex',
  timestamp: {
    header: 'x-zm-request-timestamp',
    toleranceSeconds: TOLERANCE_SECONDS,
  },
  signed: ({ body }, timestamp) => [`v0:${timestamp}:`, body],
};

/** Event name of the request with which Zoom verifies a URL: at set-up, and every 72 hours. */
const HANDSHAKE = 'endpoint.url_validation';

/**
 * A plain token whose HMAC may be given away: printable text of a sensible length. What begins with `v0:` could be the signed content of
 * a delivery, and its HMAC the signature.
 */
const PLAIN_TOKEN = /^(?!v0:)[\x20-\x7e]{1,256}$/;

export function webhooks({ secret }: Pick<RuntimeContext, 'secret'>): Verify {
  const tokens = secret({ parse: parseZoomSecret, timeoutMs: SECRET_TIMEOUT_MS });
  return (delivery) => verifyWithFreshKeys(tokens, ({ secretTokens }) => check(delivery, secretTokens));
}

/** A handshake must be signed too: else anyone could ask for the HMAC of a text. */
function check(delivery: Delivery, secretTokens: readonly Buffer[]): Verification {
  const verification = verifyHmac(delivery, secretTokens, SCHEME);
  if (verification.outcome === 'refused') return verification;
  const body = parseBody(delivery.body);
  if (memberAt(body, 'event') !== HANDSHAKE) return verification;
  const signer = secretTokens.find((token) => verifyHmac(delivery, [token], SCHEME).outcome === 'verified');
  return answerTo(textAt(body, 'payload', 'plainToken'), signer as Buffer);
}

/** @param secretToken the one that signed the handshake: while several are live, Zoom expects this one */
function answerTo(plainToken: string | undefined, secretToken: Buffer): Answered | Refused {
  if (plainToken === undefined || !PLAIN_TOKEN.test(plainToken)) return refused('malformed_handshake');
  const encryptedToken = createHmac('sha256', secretToken).update(plainToken).digest('hex');
  return {
    outcome: 'answered',
    statusCode: 200,
    body: JSON.stringify({ plainToken, encryptedToken }),
    contentType: 'application/json',
  };
}
