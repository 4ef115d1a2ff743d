/** URLs of webhooks, and the token at their end that proves that a webhook is ours. Pure functions. */
import { isGood, isUsable } from '../../../bin/commands/secrets/entries';
import { ROUTE, tokenIn } from '../backfill/webhook';
import { URL_TOKEN } from '../secrets';

export { addressOf, ROUTE, tokenIn } from '../backfill/webhook';

/** The token in a webhook's URL, compared with those of a deployment. `other`: the URL is not of our route. */
export type TokenStanding = 'newest' | 'older' | 'unknown' | 'none' | 'other';

const WITHOUT_TOKEN = new RegExp(`/${ROUTE}/?$`);

/** Adds a token to the URL of the route. Any other URL, or one that has a token, stays as it is. */
export function withToken(url: string, token: string): string {
  if (!URL.canParse(url) || !WITHOUT_TOKEN.test(new URL(url).pathname)) return url;
  const whole = new URL(url);
  whole.pathname = `${whole.pathname.replace(/\/$/, '')}/${token}`;
  return whole.href;
}

/** The tokens that verifiers accept, and the one that a URL should have: the newest that is hard to guess. */
export interface UrlTokens {
  readonly usable: readonly string[];
  readonly newest: string | undefined;
}

/** The tokens among the values of a secret, oldest first. */
export const tokensOf = (values: readonly string[]): UrlTokens => ({
  usable: values.filter((value) => isUsable(URL_TOKEN, value)),
  newest: values.findLast((value) => isGood(URL_TOKEN, value)),
});

/** See {@link TokenStanding}. */
export function standingOf(url: string, { usable, newest }: UrlTokens): TokenStanding {
  const token = tokenIn(url);
  if (token === undefined) return URL.canParse(url) && WITHOUT_TOKEN.test(new URL(url).pathname) ? 'none' : 'other';
  if (token === newest) return 'newest';
  return usable.includes(token) ? 'older' : 'unknown';
}

/** The spellings of a path separator in texts that quote a URL. */
const SEPARATOR = String.raw`(?:\\?/|%2F)`;
const QUOTED_TOKEN = new RegExp(`(${ROUTE.replace('/', SEPARATOR)}${SEPARATOR})[\\w.~%-]+`, 'gi');

/** A text without the tokens of the URLs in it, also where a URL is quoted in JSON or percent-encoded. */
export const withoutUrlTokens = (text: string): string => text.replace(QUOTED_TOKEN, '$1…');

/** A URL without user, query, fragment and token; any other text without control characters. */
export function shownUrl(text: string): string {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return printable(withoutUrlTokens(text));
  const { origin, pathname, search, hash } = new URL(text);
  return `${origin}${withoutUrlTokens(pathname)}${search || hash ? '?…' : ''}`;
}

/** A foreign text without control characters, which could steer a terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
