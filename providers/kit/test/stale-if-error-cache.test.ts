import { refused, verifiedBy } from '../../runtime';
import { createSteadyClock } from '../clock';
import { verifyWithFreshKeys } from '../fresh-keys';
import { NotConfiguredError, StaleIfErrorCache } from '../stale-if-error-cache';

/** A source whose answer, trouble and clock the test decides. */
function setUp() {
  const source = {
    value: 'first',
    error: undefined as Error | undefined,
    loads: 0,
    now: 1_000_000,
    told: [] as string[],
  };
  const cache = new StaleIfErrorCache({
    load: async () => {
      source.loads++;
      if (source.error) throw source.error;
      return { text: source.value };
    },
    maxAgeMs: 60_000,
    now: () => source.now,
    onSuccess: () => source.told.push('ok'),
    onFailure: () => source.told.push('failed'),
  });
  const isKey = (key: string) =>
    verifyWithFreshKeys(cache, ({ text }) => (text === key ? verifiedBy('signature') : refused('no_matching_key')));
  return { source, cache, isKey };
}

const DOWN = new Error('down');
const YES = verifiedBy('signature');

it('loads once for many who ask at the same time, and again when the value is old', async () => {
  const { source, cache } = setUp();
  await Promise.all([cache.get(), cache.get(), cache.get()]);
  expect(source.loads).toBe(1);
  source.now += 59_999;
  await cache.get();
  expect(source.loads).toBe(1);
  source.now += 1;
  await cache.get();
  expect(source.loads).toBe(2);
});

it('serves the last good value while its source is down, and asks the source now and then', async () => {
  const { source, cache, isKey } = setUp();
  await cache.get();
  source.error = DOWN;
  source.now += 24 * 3_600_000;
  for (let i = 0; i < 100; i++) expect(await isKey('first')).toEqual(YES);
  expect(source.loads).toBe(2);
  source.now += 30_000;
  expect(await isKey('first')).toEqual(YES);
  expect(source.loads).toBe(3);
});

it('says why there is no value', async () => {
  const { source, isKey } = setUp();
  source.error = DOWN;
  expect(await isKey('first')).toEqual(refused('key_unavailable'));
  source.error = new NotConfiguredError('no secret');
  source.now += 2_000;
  expect(await isKey('first')).toEqual(refused('not_configured'));
  source.error = undefined;
  source.now += 2_000;
  expect(await isKey('first')).toEqual(YES);
});

it('tells of every load, and of nothing else', async () => {
  const { source, cache, isKey } = setUp();
  await isKey('first');
  await isKey('first');
  source.error = DOWN;
  source.now += 60_000;
  await cache.get();
  await cache.get();
  expect(source.told).toEqual(['ok', 'failed']);
});

it('takes a rotated key at the first mismatch', async () => {
  const { source, cache, isKey } = setUp();
  await cache.get();
  source.value = 'second';
  expect(await isKey('second')).toEqual(YES);
  expect(source.loads).toBe(2);
});

it('does not call a key wrong while nobody can say so', async () => {
  const { source, cache, isKey } = setUp();
  await cache.get();
  source.error = DOWN;
  expect(await isKey('other')).toEqual(refused('key_unavailable'));
  expect(await isKey('first')).toEqual(YES);
  source.error = undefined;
  source.now += 30_000;
  expect(await isKey('other')).toEqual(refused('no_matching_key'));
});

it('checks with a fresh key after each of a few wrong ones, so that a rotation in between loses nothing', async () => {
  const { source, isKey } = setUp();
  for (let rotation = 0; rotation < 20; rotation++) {
    expect(await isKey('wrong')).toEqual(refused('no_matching_key'));
    source.value = `rotated-${rotation}`;
    expect(await isKey(source.value)).toEqual(YES);
    source.now += 4_000;
  }
});

it('is not driven by a flood of wrong keys', async () => {
  const { source, isKey } = setUp();
  for (let second = 0; second < 300; second++) {
    for (let i = 0; i < 100; i++) expect(await isKey('wrong')).toEqual(refused('no_matching_key'));
    source.now += 1_000;
  }
  // One every two seconds, five at once, the first load, and one each minute because the value is old.
  expect(source.loads).toBeLessThanOrEqual(300 / 2 + 5 + 1 + 300 / 60);
});

it('is not driven by a flood while its source is down either', async () => {
  const { source, isKey } = setUp();
  source.error = DOWN;
  for (let i = 0; i < 1_000; i++) {
    expect(await isKey('any')).toEqual(refused('key_unavailable'));
    source.now += 10;
  }
  expect(source.loads).toBeLessThanOrEqual(12);
});

it('asks its source again at the next try of a provider, a second later, where only a fresh value will do', async () => {
  const { source, isKey } = setUp();
  source.error = DOWN;
  expect(await isKey('first')).toEqual(refused('key_unavailable'));
  source.error = undefined;
  source.now += 1_000;
  expect(await isKey('first')).toEqual(YES);
  source.value = 'rotated';
  source.error = DOWN;
  expect(await isKey('rotated')).toEqual(refused('key_unavailable'));
  source.error = undefined;
  source.now += 1_000;
  expect(await isKey('rotated')).toEqual(YES);
});

describe('a source that hangs', () => {
  /** The first load works unless told otherwise; all others never end. */
  function setUpHanging(fallback: string | undefined, firstLoad: 'works' | 'hangs') {
    const hanging = new Promise<string>(() => {});
    let loads = 0;
    let now = 1_000_000;
    const cache = new StaleIfErrorCache({
      load: () => (loads++ === 0 && firstLoad === 'works' ? Promise.resolve('first') : hanging),
      fallback: async () => fallback,
      maxAgeMs: 60_000,
      now: () => now,
    });
    return { cache, later: () => (now += 60_000) };
  }

  it('holds nobody up who can do with the last good value', async () => {
    const { cache, later } = setUpHanging(undefined, 'works');
    await cache.get();
    later();
    expect(await cache.get()).toEqual({ ok: true, value: 'first' });
  });

  it('holds nobody up where an earlier value is kept elsewhere', async () => {
    const { cache } = setUpHanging('earlier', 'hangs');
    expect(await cache.get()).toEqual({ ok: true, value: 'earlier' });
  });
});

it('starts with an earlier value where the first load fails, and still calls no key wrong by it', async () => {
  const now = 1_000_000;
  const cache = new StaleIfErrorCache({
    load: () => Promise.reject(DOWN),
    fallback: async () => 'earlier',
    maxAgeMs: 60_000,
    now: () => now,
  });
  const isKey = (key: string) =>
    verifyWithFreshKeys(cache, (value) => (value === key ? verifiedBy('signature') : refused('no_matching_key')));
  expect(await isKey('earlier')).toEqual(YES);
  expect(await isKey('other')).toEqual(refused('key_unavailable'));
});

it('loads on while a clock steps back, and takes a rotated key', async () => {
  const { source, cache, isKey } = setUp();
  await isKey('first');
  source.now -= 3_600_000;
  source.value = 'second';
  expect(await isKey('second')).toEqual(YES);
  // Ten minutes of mismatches: one load every two seconds, five at once.
  const before = source.loads;
  for (let second = 0; second < 600; second++) {
    source.now += 1_000;
    await isKey('wrong');
  }
  expect(source.loads - before).toBeGreaterThan(600 / 2 - 1);
  source.now -= 3_600_000;
  await cache.get();
  const loads = source.loads;
  source.now += 60_000;
  await cache.get();
  expect(source.loads).toBe(loads + 1);
});

describe('the clock', () => {
  it('goes with the clock that goes further, and never steps back', () => {
    let [monotonic, wall] = [5, 1_000];
    const clock = createSteadyClock([() => monotonic, () => wall]);
    const start = clock();
    const step = (byMonotonic: number, byWall: number) => {
      monotonic += byMonotonic;
      wall += byWall;
      return clock() - start;
    };
    expect(step(10, 10)).toBe(10);
    // Set back by an hour, and frozen for one.
    expect(step(10, -3_600_000)).toBe(20);
    expect(step(0, 3_600_000)).toBe(3_600_020);
    expect(step(0, -1)).toBe(3_600_020);
  });

  it('goes on by itself while the wall clock is set back', () => {
    const clock = createSteadyClock();
    const before = clock();
    const wall = jest.spyOn(Date, 'now').mockReturnValue(0);
    expect(clock()).toBeGreaterThanOrEqual(before);
    wall.mockRestore();
  });
});
