import { generateKeyPairSync } from 'node:crypto';
import { newKeyPair } from '../../../test/support/deliveries';
import { createKeyLoader, type KeyRecord, type LiveKey, PREVIOUS_KEY_MS } from '../rotating-key';

const [first, second, third] = [newKeyPair().publicPem, newKeyPair().publicPem, newKeyPair().publicPem];

/** A key server, a store and a clock that the test decides; each loader is one copy of the verifier. */
function setUp() {
  const world = {
    served: first as string | Error,
    stored: undefined as KeyRecord | undefined,
    storeDown: false,
    now: 1_000,
  };
  const failures: unknown[] = [];
  const newLoader = () =>
    createKeyLoader({
      fetchKey: async () => {
        if (world.served instanceof Error) throw world.served;
        return world.served;
      },
      store: {
        read: async () => {
          if (world.storeDown) throw new Error('table down');
          return world.stored;
        },
        write: async (record) => {
          if (world.storeDown) throw new Error('table down');
          world.stored = record;
        },
      },
      now: () => world.now,
      onStoreFailure: (error) => failures.push(error),
    });
  return { world, failures, newLoader };
}

const pemsOf = (keys: readonly LiveKey[] | undefined) =>
  keys?.map(({ key }) => key.export({ type: 'spki', format: 'pem' }));

it('keeps the key before, for an hour', async () => {
  const { world, newLoader } = setUp();
  const loader = newLoader();
  expect(pemsOf(await loader.load())).toEqual([first]);
  world.served = second;
  world.now = 5_000;
  const keys = await loader.load();
  expect(pemsOf(keys)).toEqual([second, first]);
  expect(keys.map(({ until }) => until)).toEqual([Number.POSITIVE_INFINITY, 5_000 + PREVIOUS_KEY_MS]);
  world.now = 9_000;
  expect((await loader.load())[1]?.until).toBe(5_000 + PREVIOUS_KEY_MS);
  world.served = third;
  expect(pemsOf(await loader.load())).toEqual([third, second]);
});

it('tells a copy that starts later of the key before', async () => {
  const { world, newLoader } = setUp();
  await newLoader().load();
  world.served = second;
  expect(pemsOf(await newLoader().load())).toEqual([second, first]);
});

it('finds the last good keys while the key server is down, also in a copy that has just started', async () => {
  const { world, newLoader } = setUp();
  await newLoader().load();
  world.served = new Error('down');
  const loader = newLoader();
  await expect(loader.load()).rejects.toThrow('down');
  expect(pemsOf(await loader.fallback())).toEqual([first]);
});

it('works without the store', async () => {
  const { world, failures, newLoader } = setUp();
  world.storeDown = true;
  const loader = newLoader();
  expect(pemsOf(await loader.load())).toEqual([first]);
  world.served = second;
  expect(pemsOf(await loader.load())).toEqual([second, first]);
  await expect(loader.fallback()).rejects.toThrow('table down');
  expect(failures).toHaveLength(2);
});

it('never writes over a record that it could not read', async () => {
  const { world, newLoader } = setUp();
  await newLoader().load();
  world.served = second;
  await newLoader().load();
  const before = world.stored;
  world.storeDown = true;
  const loader = newLoader();
  await loader.load();
  world.storeDown = false;
  expect(pemsOf(await loader.load())).toEqual([second, first]);
  expect(world.stored).toEqual(before);
});

it('does not count a short key that an earlier version has kept', async () => {
  const { world, newLoader } = setUp();
  const short = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({ type: 'spki', format: 'pem' });
  world.stored = { current: String(short), rotatedAt: 0 };
  expect(pemsOf(await newLoader().load())).toEqual([first]);
  world.stored = { current: String(short), rotatedAt: 0 };
  expect(await newLoader().fallback()).toBeUndefined();
});
