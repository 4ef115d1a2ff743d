/** Which providers a deployment has. */
import { checkApi } from '../../bin/commands/doctor/api';
import { checkDeployed, providersOf, readClis } from '../../bin/providers';
import { pascalCase } from '../../lib/pascal-case';
import { BUILT_IN } from '../../providers';
import type { Provider } from '../../providers/provider';
import { templateWith } from '../support/template';

const ALL: readonly Provider[] = Object.values(BUILT_IN).map((factory) => factory());
const WITH_SECRET = ALL.filter(({ secret }) => secret);
const namesOf = (providers: readonly Provider[]) => providers.map(({ name }) => name);

const deploymentWith = ({ name, secret }: Provider) => ({
  clientConfig: {},
  outputs: { [`${pascalCase(name)}SecretName`]: secret?.name ?? '', ApiUrl: 'http://127.0.0.1:9/' },
});

it.each(namesOf(WITH_SECRET))('finds %s by the name of its secret, and no other', (name) => {
  const provider = WITH_SECRET.find((one) => one.name === name)!;
  expect(namesOf(providersOf(deploymentWith(provider)))).toEqual([name]);
});

it('finds a provider by another of its outputs', () => {
  for (const { name, outputs = [] } of ALL) {
    for (const output of outputs) {
      expect(namesOf(providersOf({ outputs: { [output.name]: output.value } }))).toEqual([name]);
    }
  }
});

it('finds a provider by the log group of a verifier, because one without a secret may have no output', () => {
  const groups = Object.keys(templateWith({ providers: ALL }).findResources('AWS::Logs::LogGroup')).map(
    (logicalId) => `Meetbus-${logicalId}-1`,
  );
  for (const { name, routes } of ALL) {
    const own = groups.filter((group) => routes.some(({ id }) => group.includes(id)));
    expect(own).toHaveLength(routes.length);
    expect(namesOf(providersOf({ outputs: { VerifierLogGroupNames: own.join(',') } }))).toEqual([name]);
  }
});

describe('a provider that is known, but not deployed', () => {
  const [one, other] = ALL as [Provider, Provider];
  const outputs = { VerifierLogGroupNames: one.routes.map(({ id }) => `Meetbus-Ingress${id}Logs-1`).join(',') };
  const providers = JSON.stringify([one.name, other.name]);
  const addresses = { apiUrl: '', awsUrl: '', providers: {} };

  it('is one line that says how to deploy it', () => {
    const added = `Add it to the settings, and deploy: "providers":${providers}`;
    expect(() => checkDeployed({ outputs }, other)).toThrow(`${other.title} is not deployed. ${added}`);
    const started = `Start it with -c meetbus='{"providers":${providers}}'`;
    expect(() => checkDeployed({ outputs, local: addresses }, other)).toThrow(
      `The local cloud runs without ${other.title}. ${started}`,
    );
  });

  it('is not one that is deployed, or perhaps is, by an older version', () => {
    expect(() => checkDeployed({ outputs }, one)).not.toThrow();
    expect(() => checkDeployed({ outputs: {} }, other)).not.toThrow();
  });
});

it('asks no route of a provider that the deployment does not have', async () => {
  for (const provider of WITH_SECRET) {
    const findings = await checkApi(deploymentWith(provider));
    expect(findings.map(({ check }) => check)).toEqual(provider.routes.map(({ path }) => `/${path}`));
  }
});

it('reads the part of every provider that has one in the command line, in their order', async () => {
  expect([...(await readClis()).keys()]).toEqual(namesOf(ALL.filter(({ cli }) => cli)));
});
