/**
 * AWS changes the code of a function and its environment in two calls. In between the new code runs with the environment of the
 * version before, and a provider that tries three times within as many seconds finds it so each time.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FAMILIES } from '@meetbus/events';
import { bundleOf, synthesizedResources } from '../support/assembly';

/** What functions have had from the start, without the settings of Node.js and Powertools. */
const EARLIER: ReadonlySet<string> = new Set([
  ...['TABLE_NAME', 'BUCKET_NAME', 'INTAKE_BUS_NAME', 'RECALL_SECRET_NAME', 'RECALL_REQUIRE_SIGNATURE'],
  ...['REALTIMEKIT_KEY_URL', 'REALTIMEKIT_ORGANIZATION_IDS', 'REALTIMEKIT_WEBHOOK_IDS'],
  ...FAMILIES.map((family) => `QUEUE_URL_${family.toUpperCase()}`),
]);

/** Functions that were there already, each with its bundle and the names of its variables. */
const functions = synthesizedResources('AWS::Lambda::Function')
  .filter(([id]) => !/^(Fallback|Probe)/.test(id))
  .map(([id, resource]) => {
    const { Variables } = resource.Properties.Environment as { Variables: object };
    return {
      id,
      bundle: join(bundleOf(resource), 'index.js'),
      names: Object.keys(Variables),
    };
  });

it('some have got variables since', () => {
  expect(new Set(functions.flatMap(({ names }) => names.filter((name) => !EARLIER.has(name))))).not.toEqual(new Set());
});

it.each(functions)('$id starts with the environment that it had before', ({ bundle, names }) => {
  const valueFor = (name: string) => (name.endsWith('_URL') ? 'https://keys.example.org/key.json' : 'INFO');
  const earlier = names.filter((name) => EARLIER.has(name));
  const env = { AWS_REGION: 'us-east-1', ...Object.fromEntries(earlier.map((name) => [name, valueFor(name)])) };
  const { status, stderr } = spawnSync(process.execPath, [bundle], { env, encoding: 'utf8' });
  // What else there is of the error is the bundle, in one line.
  expect([status, ...stderr.split('\n').filter((line) => line.startsWith('Error: '))]).toEqual([0]);
});
