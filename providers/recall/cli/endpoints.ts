/** Real-time endpoints of Recall.ai, as `recording_config.realtime_endpoints` of Create Bot takes them. */

import { fingerprintOf } from '../../../bin/commands/secrets/entries';
import { didYouMean, sentences } from '../../../bin/did-you-mean';
import { type Finding, ok, problem, warning } from '../../../bin/findings';
import { recallRoute, recallSamples } from '../sandbox';

const ROUTE = '/recall/realtime';

/** The events that Recall.ai sends to real-time endpoints. */
export const REAL_TIME_EVENTS: readonly string[] = Object.keys(recallSamples).filter(
  (event) => recallRoute(event) === ROUTE,
);

/** The default: all but the drafts of a segment, and the raw messages of a transcription provider. */
export const USUAL_EVENTS: readonly string[] = REAL_TIME_EVENTS.filter(
  (event) => !['transcript.partial_data', 'transcript.provider_data'].includes(event),
);

/** An endpoint as Create Bot takes it. */
export interface RealTimeEndpoint {
  readonly type: 'webhook';
  /** It ends with the token, so it is a secret. */
  readonly url: string;
  readonly events: readonly string[];
}

/** The real-time URL of a deployment, without a token. */
const realTimeUrlOf = (apiUrl: string): URL => new URL(`${apiUrl.replace(/\/$/, '')}${ROUTE}`);

/** The endpoint for a deployment. */
export function endpointFor(apiUrl: string, token: string, events: readonly string[]): RealTimeEndpoint {
  const url = realTimeUrlOf(apiUrl);
  url.searchParams.set('token', token);
  return { type: 'webhook', url: url.href, events };
}

/** What a bot's configuration is compared with. */
export interface Deployed {
  readonly apiUrl: string;
  readonly tokens: readonly string[];
  /** Then Recall.ai signs, and a real-time delivery is proved with or without a token. */
  readonly hasSigningSecret: boolean;
}

/** Compares the body of Create Bot, or only its list of endpoints, with a deployment. No finding holds a token. */
export function checkBot(bot: unknown, deployed: Deployed): Finding[] {
  const endpoints = endpointsIn(bot);
  if (endpoints === undefined) {
    return [
      problem(
        'endpoints',
        'There is no list recording_config.realtime_endpoints.',
        'Take it from "npx meetbus recall endpoint". Its name has no underscore in realtime.',
      ),
    ];
  }
  const own = endpoints.filter(({ url }) => originOf(url) === new URL(deployed.apiUrl).origin);
  if (own.length === 0) {
    const remedy = `Put ${realTimeUrlOf(deployed.apiUrl)}?token=… into url, see "npx meetbus recall endpoint".`;
    return [problem('endpoints', `None of ${endpoints.length} endpoints is of this deployment.`, remedy)];
  }
  return own.flatMap((endpoint) => [
    checkType(endpoint),
    checkUrl(endpoint, deployed),
    checkToken(endpoint, deployed),
    checkEvents(endpoint),
  ]);
}

interface GivenEndpoint {
  readonly type?: unknown;
  readonly url: string;
  readonly events?: unknown;
}

function endpointsIn(bot: unknown): GivenEndpoint[] | undefined {
  const { recording_config: config } = (bot ?? {}) as { recording_config?: { realtime_endpoints?: unknown } };
  const list = Array.isArray(bot) ? bot : ((bot as typeof config)?.realtime_endpoints ?? config?.realtime_endpoints);
  return Array.isArray(list) ? list.map((endpoint) => ({ ...endpoint, url: String(endpoint?.url ?? '') })) : undefined;
}

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

const checkType = ({ type }: GivenEndpoint): Finding =>
  type === 'webhook'
    ? ok('type', 'webhook')
    : problem('type', 'The type of the endpoint is not webhook.', 'Set "type": "webhook".');

function checkUrl({ url }: GivenEndpoint, { apiUrl }: Deployed): Finding {
  const wanted = realTimeUrlOf(apiUrl);
  if (new URL(url).pathname === wanted.pathname) return ok('url', wanted.href);
  return problem('url', `Its path is ${new URL(url).pathname}.`, `A token counts only at ${wanted.pathname}.`);
}

function checkToken({ url }: GivenEndpoint, { tokens, hasSigningSecret }: Deployed): Finding {
  const given = new URL(url).searchParams.getAll('token');
  const [token] = given;
  const remedy = 'Take the URL from "npx meetbus recall endpoint".';
  if (given.length > 1) return problem('token', 'The URL has several tokens, which is refused.', remedy);
  if (!token && hasSigningSecret) {
    return warning('token', 'The URL has no token: only what Recall.ai signs is accepted.', remedy);
  }
  if (!token) return problem('token', 'The URL has no token, and there is no signing secret.', remedy);
  if (tokens.includes(token)) return ok('token', `known: ${fingerprintOf(token)}`);
  return problem('token', 'The token is none of this deployment; it may be retired.', remedy);
}

function checkEvents({ events }: GivenEndpoint): Finding {
  const names = Array.isArray(events) ? events.map(String) : [];
  const unknown = names.filter((name) => !REAL_TIME_EVENTS.includes(name));
  const remedy = `The names are: ${REAL_TIME_EVENTS.join(', ')}.`;
  if (names.length === 0) return problem('events', 'The endpoint asks for no events.', remedy);
  if (unknown.length > 0) {
    const questions = new Set(unknown.map((name) => didYouMean(name, REAL_TIME_EVENTS)));
    const what = sentences(`Not sent to real-time endpoints: ${unknown.join(', ')}.`, ...questions);
    return problem('events', what, remedy);
  }
  return ok('events', names.join(', '));
}
