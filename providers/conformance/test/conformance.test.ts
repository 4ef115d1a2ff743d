/** A provider that is right passes every check, and each fault fails those that are about it. */
import { ConformanceError, conformance } from '..';
import { acme } from './acme';
import { FAULTS } from './faults';
import { NAMED } from './named';

it.each(conformance(acme()))('the right one: $name', ({ run }) => run());

it.each(conformance(acme(NAMED)))('the right one with named keys: $name', ({ run }) => run());

// A line on the console is one of the faults.
beforeAll(() => jest.spyOn(console, 'info').mockImplementation());
afterAll(() => jest.restoreAllMocks());

it.each(FAULTS)('%s fails the checks that are about it, and no other', async (_fault, faults, expected, says) => {
  const failures = new Map<string, Error>();
  for (const { name, run } of conformance(acme(faults))) {
    await run().catch((error: Error) => failures.set(name, error));
  }
  expect([...failures.keys()].sort()).toEqual([...expected].sort());
  for (const error of failures.values()) expect(error).toBeInstanceOf(ConformanceError);
  expect(failures.get(expected[0]!)?.message).toMatch(says);
});

it('has a fault for every check', () => {
  const failed = new Set<string>(FAULTS.flatMap(([, , checks]) => checks));
  const names = conformance(acme()).map(({ name }) => name);
  expect(names.filter((name) => !failed.has(name))).toEqual([]);
});
