/** Which providers a deployment has. */
import { checkApi } from '../../bin/commands/doctor/api';
import { providersOf, readClis } from '../../bin/providers';
import { pascalCase } from '../../lib/pascal-case';
import { BUILT_IN } from '../../providers';

const NAMES = Object.keys(BUILT_IN);
const withSecretsOf = (...names: readonly string[]) => ({
  clientConfig: {},
  outputs: Object.fromEntries(names.map((name) => [`${pascalCase(name)}SecretName`, `meetbus/${name}`])),
});

it.each(NAMES.map((name) => [name]))('finds %s by the name of its secret, and no other', (name) => {
  expect(providersOf(withSecretsOf(name)).map((provider) => provider.name)).toEqual([name]);
});

it('finds a provider by another of its outputs', () => {
  for (const factory of Object.values(BUILT_IN)) {
    const { name, outputs = [] } = factory();
    for (const output of outputs) {
      expect(providersOf({ outputs: { [output.name]: output.value } }).map((found) => found.name)).toEqual([name]);
    }
  }
});

it('asks no route of a provider that the deployment does not have', async () => {
  const [name = ''] = NAMES;
  const { outputs, clientConfig } = withSecretsOf(name);
  const findings = await checkApi({ clientConfig, outputs: { ...outputs, ApiUrl: 'http://127.0.0.1:9/' } });
  const routes = Object.values(BUILT_IN)
    .map((factory) => factory())
    .filter((provider) => provider.name === name)
    .flatMap((provider) => provider.routes);
  expect(findings.map(({ check }) => check)).toEqual(routes.map(({ path }) => `/${path}`));
});

it('reads the part of every provider in the command line, in their order', async () => {
  expect([...(await readClis()).keys()]).toEqual(NAMES);
});
