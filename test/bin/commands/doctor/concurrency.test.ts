/** What the account's limit of Lambda means for a deployment. */

import { FAMILIES } from '@meetbus/events';
import { concurrencyFinding } from '../../../../bin/commands/doctor/concurrency';

const consumers = FAMILIES.length;
const verifiers = 3;

it.each([
  [1_000, 50, 'ok', undefined],
  [consumers * 50 + verifiers, 50, 'ok', undefined],
  [consumers * 50 + verifiers - 1, 50, 'problem', 'set consumerConcurrency to 49 or less'],
  [100, 50, 'problem', `set consumerConcurrency to ${Math.floor((100 - verifiers) / consumers)} or less`],
  [10, 2, 'problem', 'not even a consumerConcurrency of 2, the least, fits'],
] as const)('a limit of %i, and %i copies of each consumer: %s', (limit, each, status, remedy) => {
  expect(concurrencyFinding(limit, each, verifiers)).toMatchObject({
    status,
    ...(remedy !== undefined && { remedy: expect.stringContaining(remedy) }),
  });
});
