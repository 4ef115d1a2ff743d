/** `docs.ts` says what the code does. */

import { vary } from '../../kit/sandbox/vary';
import { madeOf, pairOf } from '../../kit/test/docs';
import { docs } from '../docs';
import { normalizeRecall } from '../normalize';
import { recallBody, recallSamples } from '../sandbox';
import { recallVariants } from '../sandbox/variants';

const partial = 'transcript.partial_data';
const uploading = 'recording.uploading';
const timedWord = { 'data.data.words.0.start_timestamp': { absolute: '2026-02-03T09:42:03Z' } };
const made = madeOf(
  [
    ...Object.entries(recallSamples).map(([event, body]) => ({ event, body })),
    ...recallVariants,
    { event: uploading, body: vary(recallBody('recording.done'), { event: uploading, 'data.data.code': 'uploading' }) },
    { event: partial, body: vary(recallBody(partial), timedWord) },
  ],
  normalizeRecall,
);

it('lists the types whose time Recall.ai never gives', () => {
  expect(docs.timeless.toSorted()).toEqual(made.timeless);
});

it('lists every event of the samples, and the types that it becomes', () => {
  const listed = docs.events.filter(({ name }) => !name.includes('<'));
  const names = new Set(listed.map(({ name }) => name));
  expect([...names]).toEqual(expect.arrayContaining(Object.keys(recallSamples)));
  expect(listed.map(({ name, type }) => pairOf(name, type)).sort()).toEqual(
    made.pairs.filter((pair) => names.has(pair.split(' ')[0] ?? '')),
  );
});

it('lists the open list of recording statuses', () => {
  const open = docs.events.filter(({ name }) => name.includes('<'));
  const { pairs } = madeOf(
    open.map(({ name }) => {
      const event = name.replace('<code>', 'brand_new');
      return { event, body: vary(recallBody('recording.done'), { event, 'data.data.code': 'brand_new' }) };
    }),
    normalizeRecall,
  );
  expect(pairs).toEqual(['recording.brand_new → recording.status_changed']);
});
