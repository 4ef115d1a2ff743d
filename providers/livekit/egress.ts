/** What an egress is: a recording, or a livestream. Read without a schema, because a verifier needs it to choose the queue. */
import { isExactNumber } from '../kit/json';
import { memberInAnySpelling as memberOf } from '../kit/spelling';
import { asObject } from '../kit/values';

/** Kinds of requests for an egress, by the member that holds the request. */
const REQUESTS = ['roomComposite', 'web', 'participant', 'trackComposite', 'track', 'egress', 'replay'] as const;

/** What is recorded by the two kinds of requests that have a source of their own. */
const SOURCES = ['template', 'web', 'media'] as const;

/** Members with streams: of a request, of one of its outputs, and of the egress. */
const STREAMS = ['stream', 'streamOutputs', 'websocketUrl', 'streamResults'];

/** Members with what is stored: of a request, and of the egress. */
const STORED = [
  ...['file', 'fileOutputs', 'fileResults', 'segments', 'segmentOutputs', 'segmentResults'],
  ...['images', 'imageOutputs', 'imageResults'],
];

/** The egress in a body; undefined where there is none. */
export const egressIn = (body: unknown): unknown => memberOf(body, 'egressInfo');

/** What was asked for: `roomComposite`, `web`, `track`, … or for the newer requests their source, such as `template`. */
export function kindOf(egress: unknown): string | undefined {
  const kind = REQUESTS.find((name) => isPresent(memberOf(egress, name)));
  if (kind !== 'egress' && kind !== 'replay') return kind;
  const request = memberOf(egress, kind);
  return SOURCES.find((name) => isPresent(memberOf(request, name))) ?? kind;
}

/**
 * Whether the only outputs of an egress are streams. One that is also stored is a recording: its file is what nobody may miss, and one
 * event has one type.
 */
export function isLivestream(egress: unknown): boolean {
  const { outputs, others } = holdersOf(egress);
  const isStreamed = [...others, ...outputs].some((holder) => hasAnyOf(holder, STREAMS));
  const isStored = others.some((holder) => hasAnyOf(holder, STORED)) || outputs.some((one) => !hasAnyOf(one, STREAMS));
  return isStreamed && !isStored;
}

/** Addresses to which an egress streams. They hold stream keys. */
export function streamAddressesIn(egress: unknown): string[] {
  const lists = [memberOf(egress, 'streamResults'), memberOf(egress, 'stream', 'info')].flatMap(listOf);
  const results = lists.map((result) => memberOf(result, 'url'));
  const { outputs, others } = holdersOf(egress);
  const asked = [...others, ...outputs].flatMap((holder) => [
    ...[memberOf(holder, 'stream'), ...listOf(memberOf(holder, 'streamOutputs'))].flatMap((stream) =>
      listOf(memberOf(stream, 'urls')),
    ),
    memberOf(holder, 'websocketUrl'),
  ]);
  return [...results, ...asked].filter((address) => typeof address === 'string' && address !== '') as string[];
}

/** The objects that tell of outputs: the outputs of a newer request, which are streams or are stored; and the egress and its request. */
function holdersOf(egress: unknown): { readonly outputs: readonly unknown[]; readonly others: readonly unknown[] } {
  const requests = REQUESTS.map((name) => memberOf(egress, name)).filter(isPresent);
  const outputs = requests.flatMap((request) => listOf(memberOf(request, 'outputs'))).filter(isPresent);
  return { outputs, others: [egress, ...requests] };
}

const hasAnyOf = (holder: unknown, names: readonly string[]): boolean =>
  names.some((name) => {
    const member = memberOf(holder, name);
    return isPresent(member) || (typeof member === 'string' && member !== '');
  });

/** An empty message is written as `{}`, and means that it was set; an empty list means nothing. */
const isPresent = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : asObject(value) !== undefined && !isExactNumber(value);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
