import { setTimeout as sleep } from 'node:timers/promises';
import { createGathering } from '../../../lambdas/publish/gathering';

/** A gathering, and how often it has called back. */
function gather(records: number) {
  const gathering = createGathering();
  gathering.start(records);
  const called = jest.fn();
  return { ...gathering, called };
}

/** Far less than the longest wait. */
const AT_ONCE_MS = 20;

it('calls back when the last record is no longer waited for', () => {
  const { join, whenComplete, called } = gather(3);
  const [first, second, third] = [join(), join(), join()];
  whenComplete(called);
  first();
  second();
  second();
  expect(called).not.toHaveBeenCalled();
  third();
  expect(called).toHaveBeenCalledTimes(1);
});

it('calls back at once, and not twice, where no record is waited for', async () => {
  const { join, whenComplete, called } = gather(1);
  join()();
  whenComplete(called);
  expect(called).not.toHaveBeenCalled();
  await sleep(AT_ONCE_MS);
  expect(called).toHaveBeenCalledTimes(1);
  await sleep(300);
  expect(called).toHaveBeenCalledTimes(1);
});

it('does not wait for a record that hangs for more than a moment', async () => {
  const { join, whenComplete, called } = gather(2);
  const [ready, hanging] = [join(), join()];
  whenComplete(called);
  ready();
  await sleep(AT_ONCE_MS);
  expect(called).not.toHaveBeenCalled();
  await sleep(300);
  expect(called).toHaveBeenCalledTimes(1);
  hanging();
  expect(called).toHaveBeenCalledTimes(1);
});

it('begins anew with the next batch, whatever the last one left', () => {
  const { start, join, whenComplete, called } = gather(5);
  start(1);
  const ready = join();
  whenComplete(called);
  ready();
  expect(called).toHaveBeenCalledTimes(1);
});
