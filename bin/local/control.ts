/** Talks to the local cloud itself: its fault plan, and its fakes. */
import type { FAKES_PATH, FAULTS_PATH, FakeStatus, FaultStatus } from '@meetbus/local-cloud';
import { UsageError } from '../usage';
import type { LocalAddresses } from './state-files';

// The package of the local cloud is installed only where one runs; the console is also for AWS.
const FAULTS: typeof FAULTS_PATH = '/_local-cloud/faults';
const FAKES: typeof FAKES_PATH = '/_local-cloud/fakes';

type Where = Pick<LocalAddresses, 'awsUrl'>;

/** The fault plan, and what it has injected. */
export const readFaults = (where: Where): Promise<FaultStatus> => call(where, FAULTS);

/**
 * Replaces the fault plan.
 *
 * @throws UsageError that says what is wrong with the plan
 */
export const putFaults = (where: Where, plan: unknown): Promise<FaultStatus> => call(where, FAULTS, plan);

/** The fakes that can be broken. */
export const readFakes = async (where: Where): Promise<readonly FakeStatus[]> =>
  (await call<{ readonly fakes: readonly FakeStatus[] }>(where, FAKES)).fakes;

/**
 * Breaks a fake, or makes it work again.
 *
 * @param way null makes it work
 * @throws UsageError if there is no such fake, or no such way
 */
export const breakFake = async (where: Where, name: string, way: string | null): Promise<readonly FakeStatus[]> =>
  (await call<{ readonly fakes: readonly FakeStatus[] }>(where, FAKES, { [name]: way })).fakes;

/** Reads, or puts a body. */
async function call<T>({ awsUrl }: Where, path: string, body?: unknown): Promise<T> {
  const request = body === undefined ? {} : { method: 'PUT', body: JSON.stringify(body) };
  const response = await fetch(`${awsUrl}${path}`, request).catch(() => {
    throw new Error(`The local cloud does not answer at ${awsUrl}. Start it with npm start.`);
  });
  const answer = (await response.json()) as T & { readonly error?: string };
  if (response.status === 400) throw new UsageError(answer.error ?? 'The local cloud refused that.');
  if (!response.ok) throw new Error(`The local cloud answered ${response.status}.`);
  return answer;
}
