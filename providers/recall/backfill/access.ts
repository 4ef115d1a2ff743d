/** How Recall.ai's API is reached: with a key from the environment or the secret. Keys are per region. */
import type { ApiAccess } from '../../backfill';
import { NotConfiguredError } from '../../kit/stale-if-error-cache';

type Environment = Readonly<Record<string, string | undefined>>;

const KEY = 'RECALL_API_KEY';
const REGION = 'RECALL_REGION';
const BASE_URL = 'RECALL_BASE_URL';

/** See `ProviderBackfill.variables`. */
export const VARIABLES = [KEY, REGION, BASE_URL];

const REGIONS = ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-northeast-1'];

/** @throws NotConfiguredError that names the variable, and never quotes the key */
export function access(environment: Environment): ApiAccess {
  const url = urlIn(environment);
  const key = environment[KEY]?.trim();
  if (!key) throw new NotConfiguredError(`Set ${KEY} to an API key of Recall.ai. Keys are per region.`);
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new NotConfiguredError(`${KEY} has characters that no key has. Copy the key again.`);
  return {
    url,
    headers: { authorization: `Token ${key}` },
    remedy: `Set ${KEY} to an API key of the region of ${new URL(url).host}: keys are per region.`,
  };
}

function urlIn(environment: Environment): string {
  const given = environment[BASE_URL]?.trim();
  if (given) {
    if (isAllowed(given)) return given;
    throw new NotConfiguredError(`Set ${BASE_URL} to https://<region>.recall.ai, or leave it out and set ${REGION}.`);
  }
  const region = environment[REGION]?.trim() ?? '';
  if (REGIONS.includes(region)) return `https://${region}.recall.ai`;
  throw new NotConfiguredError(`Set ${REGION} to the region of your Recall.ai workspace: ${REGIONS.join(', ')}.`);
}

/** The key goes to Recall.ai only, or to a fake on this machine. */
function isAllowed(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' ? hostname.endsWith('.recall.ai') : protocol === 'http:' && hostname === '127.0.0.1';
}
