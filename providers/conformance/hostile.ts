/** Checks with input that nobody sends in earnest. The same in every run. */
import { readBody } from '../kit/body';
import type { Verified } from '../runtime';
import { expectThat, fail, inWords, unlessItThrows } from './check';
import { checkContract, checkFamily, normalize } from './events';
import { probes, received, type Sent, send, withHeaders } from './sending';
import type { Stage } from './stage';

/** Values that a header or a token may have. */
const ODD_TEXTS: readonly (string | readonly string[])[] = [
  ...[
    '',
    ' ',
    ',',
    ',,,,',
    ';',
    '=',
    '==',
    'v1,',
    't=,v1=',
    '0',
    '-1',
    'NaN',
    '1e309',
    'null',
    '{}',
    '\0',
    '\u{1F600}',
  ],
  ...['__proto__', 'constructor', '%', '%00', 'a'.repeat(20_000), 'v1,AAAA '.repeat(5_000), ',a'.repeat(20_000)],
  [],
  [''],
  ['', ''],
  Array(100).fill('a'),
];

/** What may stand in a place of a body where something else belongs. */
const ODD_VALUES: readonly string[] = [
  ...['null', 'true', '0', '-0', '1e400', '1.10', '12345678901234567890', '""', '"\\u0000\\ud800"', '[]', '{}'],
  ...['[null]', '[[]]', '{"__proto__":{"id":"x"}}', '{"constructor":1,"length":-1}', '"constructor"'],
];

const DEPTH = 20_000;
const DEEP: readonly string[] = [
  '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
];

const RANDOM_BODIES = 100;

export async function hostileDeliveries(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  const random = randomFrom(1);
  for (const [route, event] of probes(stage)) {
    const sent = send(stage, event);
    const names = Object.keys(sent.headers);
    const bodies = [...Array(RANDOM_BODIES)].map(() => randomBytes(random));
    const forged: Sent[] = [
      ...bodies.map((body) => ({ ...sent, body, headers: {}, urlEnd: '' })),
      ...DEEP.map((text) => ({ ...sent, body: Buffer.from(text), headers: {}, urlEnd: '' })),
      ...ODD_TEXTS.map((text) => ({
        ...sent,
        headers: Object.fromEntries(names.map((name) => [name, text])),
        urlEnd: oddEnd(sent.urlEnd, [text].flat().join()),
      })),
    ];
    for (const one of forged) {
      stage.wait(1_000);
      const outcome = await verifier(route, received(stage, one));
      expectThat(
        outcome.outcome === 'refused',
        `A hostile delivery on ${route} is ${inWords(outcome)}. It must be refused.`,
      );
    }
    // One at a time: what is around it is genuine, so it is read further.
    for (const name of names) {
      for (const text of ODD_TEXTS) {
        stage.wait(1_000);
        const outcome = await verifier(route, received(stage, withHeaders(sent, { [name]: text })));
        expectThat(outcome.outcome !== 'failed', `A delivery with an odd ${name} on ${route} is ${inWords(outcome)}.`);
      }
    }
  }
}

/** A token of odd text where there was one; what stays of the URL must still be one. */
const oddEnd = (urlEnd: string, text: string): string => {
  const [first = ''] = urlEnd;
  return first === ''
    ? ''
    : `${urlEnd.slice(0, urlEnd.indexOf('=') + 1) || first}${encodeURIComponent(text.toWellFormed())}`;
};

export async function hostileBodies(stage: Stage): Promise<void> {
  const { sandbox } = stage;
  const at = new Date(stage.now);
  const verifier = stage.startVerifier();
  const [[route, probe] = fail('The provider has no route.')] = [...probes(stage)];
  const delivery = received(stage, send(stage, probe));
  const verified = await verifier(route, delivery);
  if (verified.outcome !== 'verified') fail(`A genuine ${probe} is ${inWords(verified)}.`);
  for (const text of [...ODD_VALUES, ...DEEP]) readAll(stage, delivery, verified, Buffer.from(text), probe);
  for (const event of sandbox.events) {
    const body = sandbox.body(event, { seed: 'conformance', at });
    for (const text of oddCopies(body)) readAll(stage, delivery, verified, Buffer.from(text), event);
  }
}

/** Calls all that reads a body. */
function readAll(
  stage: Stage,
  delivery: ReturnType<typeof received>,
  verified: Verified,
  body: Buffer,
  event: string,
): void {
  const { runtime } = stage;
  const reading = unlessItThrows('eventNameOf', () => readBody(body, runtime));
  const name: unknown = reading.event;
  expectThat(name === undefined || typeof name === 'string', 'eventNameOf gives a name that is not a text.');
  const identity = unlessItThrows('identify', () => runtime.identify({ ...delivery, body }, reading, verified));
  expectThat(
    typeof identity.key === 'string' && identity.key !== '',
    'identify gives a key that is not a text, or empty.',
  );
  const group: unknown = unlessItThrows('groupOf', () => runtime.groupOf(reading.body));
  expectThat(group === undefined || typeof group === 'string', 'groupOf gives a group that is not a text.');
  const type = unlessItThrows('typeOf', () => runtime.typeOf(event, reading.body));
  unlessItThrows('organizationsIn', () => runtime.organizationsIn?.(reading.body));
  const what = `a damaged ${event}`;
  const normalized = normalize(stage, body, event, what);
  if (normalized === undefined || 'problems' in normalized) return;
  checkContract(stage, normalized, what);
  if (type !== undefined) checkFamily(type, normalized, event, what);
  unlessItThrows('isOwnStatus', () => runtime.isOwnStatus?.(normalized));
  unlessItThrows('momentOf', () => runtime.momentOf?.(normalized));
}

/** Copies of a body, in JSON: in each, one member at any depth has an odd value, or is missing. */
function oddCopies(body: unknown): string[] {
  const marks: string[] = [];
  const copies: string[] = [];
  const paths = pathsIn(body);
  paths.forEach((path, index) => {
    // A few values for each member: all of them everywhere would take seconds.
    const values = [0, 1, 2].map((step) => ODD_VALUES[(index * 3 + step) % ODD_VALUES.length] ?? 'null');
    for (const value of [...values, undefined]) copies.push(withMember(body, path, value));
  });
  return [...marks, ...copies];
}

type Path = readonly string[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[...path, name], ...pathsIn(member, [...path, name])]);
}

const PLACE = '"the place of an odd value"';

/** The body in JSON with another member, which is JSON too; without the member where there is no other. */
function withMember(body: unknown, path: Path, json: string | undefined): string {
  const copy = structuredClone(body);
  const parent = path.slice(0, -1).reduce<unknown>((node, name) => Reflect.get(Object(node), name), copy) as object;
  const last = path.at(-1) ?? '';
  if (json === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, JSON.parse(PLACE));
  return JSON.stringify(copy).replace(PLACE, () => json ?? '');
}

/** Numbers from 0 to 1 that look random, the same for each seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const randomBytes = (random: () => number): Buffer =>
  Buffer.from([...Array(Math.floor(random() * 200))].map(() => Math.floor(random() * 256)));
