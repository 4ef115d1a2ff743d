/** `docs.ts` says what the code does. */

import { vary } from '../../kit/sandbox/vary';
import { madeOf, pairOf } from '../../kit/test/docs';
import { docs } from '../docs';
import { normalizeRealtimekit } from '../normalize';
import { realtimekitSamples } from '../sandbox';
import { realtimekitVariants } from '../sandbox/variants';

const sent = [...Object.entries(realtimekitSamples).map(([event, body]) => ({ event, body })), ...realtimekitVariants];
const recordings = sent.filter(({ event }) => event === 'recording.statusUpdate');
const made = madeOf(
  [
    ...sent,
    // The end of a recording is no time of its status.
    ...recordings.map(({ event, body }) => ({
      event,
      body: vary(body, { 'recording.stoppedTime': '2026-02-03T09:42:03Z' }),
    })),
  ],
  normalizeRealtimekit,
);

it('lists the types whose time RealtimeKit never gives', () => {
  expect(docs.timeless.toSorted()).toEqual(made.timeless);
});

it('lists every event of the samples, and the types that it becomes', () => {
  const names = new Set(docs.events.map(({ name }) => name));
  expect([...names]).toEqual(expect.arrayContaining(Object.keys(realtimekitSamples)));
  expect(docs.events.map(({ name, type }) => pairOf(name, type)).sort()).toEqual(
    made.pairs.filter((pair) => names.has(pair.split(' ')[0] ?? '')),
  );
});
