/** `docs.ts` says what the code does. */
import { madeOf, pairOf } from '../../kit/test/docs';
import { docs } from '../docs';
import { normalizeZoom } from '../normalize';
import { sandbox } from '../sandbox';
import { zoomVariants } from '../sandbox/variants';

const options = { seed: 'docs', at: new Date('2026-02-03T09:42:05.917Z') };
const samples = sandbox.events.map((event) => ({ event, body: sandbox.body(event, options) }));
const made = madeOf([...samples, ...zoomVariants], normalizeZoom);

it('says that every type has a time', () => {
  expect(docs.timeless).toEqual(made.timeless);
});

it('lists every event of the samples, and the type that it becomes', () => {
  expect(docs.events.map(({ name, type }) => pairOf(name, type)).sort()).toEqual(made.pairs);
});
