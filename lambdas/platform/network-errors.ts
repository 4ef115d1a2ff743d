/** What an error of the network means, in words. */

/** Other members of errors from the SDK and the network. */
interface KnownError extends Error {
  readonly code?: string;
  /** Errors of an AggregateError: an address failed in several ways, or a name has several addresses. */
  readonly errors?: readonly unknown[];
}

/** Meanings of network error codes. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  UND_ERR_SOCKET: 'the connection was cut off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no answer in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: look at the clock',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed: a proxy in between?',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an unknown authority: a proxy in between?',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an unknown authority: a proxy in between?',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority: a proxy in between?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: http instead of https?',
};

/** Messages without information: their cause has it. */
const EMPTY_MESSAGES = ['', 'fetch failed', 'terminated', 'Connection error.'];

/** Causes can form a cycle. */
const MOST_CAUSES = 5;

/** The message of an external error: its text, and the meaning of its network code. */
export function withCause(error: unknown): string {
  const chain = chainOf(error);
  const said = chain.map(({ message }) => message).filter((message) => !EMPTY_MESSAGES.includes(message));
  const code = chain.findLast((one) => one.code !== undefined && one.code in MEANINGS)?.code;
  const [own = code ?? chain[0]?.message ?? String(error), ...causes] = said;
  const inner = causes.at(-1);
  const whole = inner === undefined || own.includes(inner) ? own : `${own}: ${inner}`;
  if (code === undefined) return whole;
  return `${whole} (${whole.includes(code) ? '' : `${code}: `}${MEANINGS[code]})`;
}

/** An error and its causes, the outermost first. */
function chainOf(error: unknown): KnownError[] {
  const chain: KnownError[] = [];
  let next: unknown = error;
  while (next instanceof Error && chain.length < MOST_CAUSES) {
    chain.push(next);
    next = next.cause ?? (next as KnownError).errors?.[0];
  }
  return chain;
}
