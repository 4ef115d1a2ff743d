import { createGathering } from '../../../lambdas/publish/gathering';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A gathering, and how often it has called back. */
function gather(records: number) {
  const gathering = createGathering();
  gathering.start(records);
  const called = jest.fn();
  return { ...gathering, called };
}

/** What the interface promises. */
const LONGEST_WAIT_MS = 250;

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

it('calls back at once, and not twice, where no record is waited for', () => {
  const { join, whenComplete, called } = gather(1);
  join()();
  whenComplete(called);
  expect(called).not.toHaveBeenCalled();
  jest.advanceTimersByTime(0);
  expect(called).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(LONGEST_WAIT_MS);
  expect(called).toHaveBeenCalledTimes(1);
});

it('does not wait for a record that hangs for more than a moment', () => {
  const { join, whenComplete, called } = gather(2);
  const [ready, hanging] = [join(), join()];
  whenComplete(called);
  ready();
  jest.advanceTimersByTime(LONGEST_WAIT_MS - 1);
  expect(called).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
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
