/** `docs.ts` says what the code does. */
import { madeOf, pairOf } from '../../kit/test/docs';
import { docs } from '../docs';
import { normalizeLivekit } from '../normalize';
import { livekitSamples } from '../sandbox';
import { livekitVariants } from '../sandbox/variants';

const EGRESSES = ['egress_started', 'egress_updated', 'egress_ended'];
const sent = [...Object.entries(livekitSamples).map(([event, body]) => ({ event, body })), ...livekitVariants];
/** Whatever is said of an egress may come with each of its events. */
const everyEgress = sent
  .filter(({ event }) => EGRESSES.includes(event))
  .flatMap(({ body }) => EGRESSES.map((event) => ({ event, body: { ...body, event } })));
const made = madeOf([...sent, ...everyEgress], normalizeLivekit);

it('lists the types whose time LiveKit never gives', () => {
  expect(docs.timeless.toSorted()).toEqual(made.timeless);
});

const pairs = docs.events.map(({ name, type }) => pairOf(name, type));
const isOfEgress = (pair: string) => EGRESSES.some((name) => pair.startsWith(name));

it('lists every event, and the types that it becomes', () => {
  const others = (all: readonly string[]) => [...new Set(all)].filter((pair) => !isOfEgress(pair)).sort();
  expect(others(pairs)).toEqual(others(made.pairs));
});

it('lists every type that an egress becomes, with the event that usually says it', () => {
  const ofEgress = pairs.filter(isOfEgress);
  expect(made.pairs).toEqual(expect.arrayContaining(ofEgress));
  const types = (all: readonly string[]) => [...new Set(all.map((pair) => pair.split(' ').at(-1)))].sort();
  expect(types(ofEgress)).toEqual(types(made.pairs.filter(isOfEgress)));
});
