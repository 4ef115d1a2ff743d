import { follow } from '../../../bin/console/follow';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const value of values) got.push(value);
  return got;
}

const later = () => new Promise((resolve) => setImmediate(resolve));

it('gives what work reports, in order, and ends with it', async () => {
  const work = async (tell: (value: number) => unknown) => {
    tell(1);
    await later();
    tell(2);
    tell(3);
    await later();
    tell(4);
  };
  expect(await all(follow(work))).toEqual([1, 2, 3, 4]);
  expect(await all(follow(async () => {}))).toEqual([]);
});

it('gives what was reported before the work failed, and throws why', async () => {
  const values = follow<string>(async (tell) => {
    tell('one');
    throw new Error('no more');
  });
  expect(await values.next()).toEqual({ done: false, value: 'one' });
  await expect(values.next()).rejects.toThrow('no more');
});

it('may be left while the work goes on and fails', async () => {
  const values = follow<number>(async (tell) => {
    tell(1);
    await later();
    throw new Error('nobody hears this');
  });
  await values.next();
  await values.return(undefined);
  await later();
});

it('lets work wait until a value was taken, and wait no longer when nobody takes any more', async () => {
  let told = 0;
  let ended = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const values = follow<number>(async (tell) => {
    for (told = 1; told <= 3; told++) await tell(told);
    ended();
  });
  await values.next();
  await later();
  expect(told).toBe(1);
  await values.next();
  await later();
  expect(told).toBe(2);
  await values.return(undefined);
  await end;
});
