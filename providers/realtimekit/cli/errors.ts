/** Errors of RealtimeKit's API, and what to do about them. */
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  ConflictError,
  NotFoundError,
} from 'cloudflare/core/error';
import { withCause } from '../../../bin/errors';
import type { RealtimekitApp } from '../backfill/app';
import { MAX_TRIES } from './app';
import { printable, shownUrl, tokenIn, withoutUrlTokens } from './url';

/** What a request was about. */
interface Subject {
  readonly app: RealtimekitApp;
  /** Id of the webhook. */
  readonly id?: string;
  /** URL that the webhook should have. */
  readonly url?: string | undefined;
}

/** Another webhook has the same URL. */
export class WebhookConflictError extends Error {
  override readonly name = 'WebhookConflictError';
}

/** Most characters of an answer that a message quotes: the error page of a gateway has thousands. */
const MAX_QUOTED_CHARACTERS = 300;

const LIST = '"npx meetbus realtimekit webhooks list"';

/** What to do about each status. For others see {@link refused}, below 500, and {@link unavailable}, from 500 on. */
const REMEDIES: Readonly<Record<number, (subject: Subject, said: string, error: APIError) => string>> = {
  401: wrongToken,
  403: wrongToken,
  404: ({ app: { appId, accountId }, id }) =>
    id === undefined
      ? `There is no RealtimeKit app ${appId} in the account ${accountId}. Check --app-id and --account-id.`
      : `There is no webhook ${id} in the app ${appId}. ${LIST} shows those that there are.`,
  409: ({ url, id }, said) =>
    `RealtimeKit has another webhook${url === undefined ? ` in conflict with ${id}` : ` with the URL ${shownUrl(url)}`} (409${said}). ` +
    `${LIST} shows it; change that one with edit, or delete it.`,
  429: (_subject, said, { headers }) => {
    const wait = headers?.get('retry-after');
    return `RealtimeKit limits requests (429${said}). Try again ${wait ? `after: ${printable(wait)} (Retry-After)` : 'in five minutes'}.`;
  },
};

/** Turns an error of the client into one that says what to do, without secrets. */
export function explain(error: unknown, subject: Subject): Error {
  const message = withoutSecrets(explanationOf(error, subject), subject);
  return error instanceof ConflictError ? new WebhookConflictError(message) : new Error(message);
}

/** A text without Cloudflare's token and without tokens of URLs. */
function withoutSecrets(text: string, { app, url = '' }: Subject): string {
  const named = [app.token, tokenIn(url)].filter((secret) => secret !== undefined);
  return named.reduce((masked, secret) => masked.replaceAll(secret, '***'), withoutUrlTokens(text));
}

/** Whether an error of the client means that there is no such webhook. */
export const isMissing = (error: unknown): boolean => error instanceof NotFoundError;

function explanationOf(error: unknown, subject: Subject): string {
  const { apiUrl, timeoutMs } = subject.app;
  if (error instanceof APIConnectionTimeoutError) {
    return `${apiUrl} gave no answer within ${timeoutMs / 1000} s, in ${MAX_TRIES} tries. Try again later, or give it more time with --timeout.`;
  }
  if (error instanceof APIConnectionError) {
    return `${apiUrl} cannot be reached, in ${MAX_TRIES} tries: ${quoted(withCause(error))}. Check the network and --api-url.`;
  }
  if (!(error instanceof APIError) || error.status === undefined) return quoted(withoutSecrets(String(error), subject));
  // Before the text is cut: nothing recognizes half a token.
  const said = quoted(withoutSecrets(saidIn(error.error), subject));
  const remedy = REMEDIES[error.status] ?? (error.status < 500 ? refused : unavailable);
  return remedy(subject, said && `: ${said}`, error);
}

function wrongToken(_subject: Subject, said: string, { status }: APIError): string {
  return (
    `RealtimeKit refuses the API token (${status}${said}). Set CLOUDFLARE_API_TOKEN to a token of this account ` +
    'with the permission "Realtime Admin" or "Realtime".'
  );
}

const refused = (_subject: Subject, said: string, { status }: APIError): string =>
  `RealtimeKit does not take this (${status}${said}). Change the settings that it names.`;

const unavailable = (_subject: Subject, said: string, { status }: APIError): string =>
  `RealtimeKit answered ${status}${said}, in ${MAX_TRIES} tries. Try again later; ` +
  'until then its webhooks stay as they are. See https://www.cloudflarestatus.com.';

/** The message in an answer: RealtimeKit's `error.message`, Cloudflare's `errors[].message`, or a bare `message`. */
function saidIn(body: unknown): string {
  const { error, errors, message } = (body ?? {}) as {
    error?: { message?: unknown };
    errors?: readonly { message?: unknown }[];
    message?: unknown;
  };
  const messages = [error?.message, ...(Array.isArray(errors) ? errors.map((one) => one?.message) : []), message];
  return messages.filter((one) => typeof one === 'string').join('; ');
}

const quoted = (text: string): string => printable(text).slice(0, MAX_QUOTED_CHARACTERS);
