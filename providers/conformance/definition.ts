/** Checks of the definition, and that its runtime fits it. */
import { isDeepStrictEqual } from 'node:util';
import { definitionFaultOf } from '../definition-faults';
import { storedEntry } from '../kit/secret-form';
import type { SecretEntry } from '../provider';
import { expectThat, fail, nameOf } from './check';
import type { Stage } from './stage';

const OUTPUT = /^[A-Z][A-Za-z0-9]*$/;

/** API Gateway ends a request after 29 seconds. */
const MAX_ANSWER_MS = 29_000;

export async function definition({ provider, runtime }: Stage): Promise<void> {
  const { name, title, routes, families, options, secret, loads = [], outputs = [] } = provider;
  expectThat(title !== '', `title of ${name} is empty.`);
  expectThat(routes.length > 0, `${name} has no route.`);
  const fault = definitionFaultOf(provider);
  if (fault !== undefined) fail(fault);
  for (const { path, slowestMs } of routes) {
    expectThat(
      slowestMs > 0 && slowestMs < MAX_ANSWER_MS,
      `slowestMs of ${path} must be between 0 and ${MAX_ANSWER_MS}.`,
    );
  }
  const served = Object.keys(runtime.routes).sort();
  const defined = routes.map(({ path }) => path).sort();
  expectThat(
    served.join() === defined.join(),
    `The runtime verifies ${served.join(', ')}, and the definition has the routes ${defined.join(', ')}.`,
  );
  expectUnique(families, 'family');
  const isJson = isDeepStrictEqual(JSON.parse(JSON.stringify(options ?? {})), options ?? {});
  expectThat(isJson, 'options must be JSON: they are deployed as a file.');
  for (const output of outputs) {
    expectThat(OUTPUT.test(output.name), `The name of an output must be in PascalCase: "${output.name}" is not.`);
    expectThat(output.value !== '', `The output ${output.name} is empty. CloudFormation refuses that: leave it out.`);
  }
  const { rememberSeconds, retryAfterSeconds = 2 } = runtime;
  expectThat(
    isWhole(rememberSeconds),
    'rememberSeconds must be a whole number of seconds, more than the provider retries.',
  );
  expectThat(isWhole(retryAfterSeconds), 'retryAfterSeconds must be a whole number of seconds, as in Retry-After.');
  expectThat(secret === undefined || secret.name !== '', 'The secret has no name.');
  expectUnique(loads, 'load');
  expectThat(
    (provider.backfillFile === undefined) === (provider.backfill === undefined),
    'backfillFile and backfill name the same module: define both, or neither.',
  );
}

const isWhole = (seconds: number): boolean => Number.isInteger(seconds) && seconds > 0;

/** Commands read and write the entries that the definition describes, and the local cloud those that the sandbox makes up. */
export async function secretEntries(stage: Stage): Promise<void> {
  const described = stage.provider.secret?.entries ?? [];
  const madeUp = Object.keys(stage.keys.secret);
  const members = described.map(({ member }) => member);
  expectThat(
    [...members].sort().join() === [...madeUp].sort().join(),
    `The definition describes the members ${members.join(', ') || '(none)'} of the secret, and makeUpSecret of the sandbox makes ${madeUp.join(', ') || '(none)'}.`,
  );
  for (const entry of described) expectGoodEntries(entry, stage);
  expectUnique(
    described.map(({ kind }) => kind),
    'kind of entry',
  );
}

function expectGoodEntries(described: SecretEntry, stage: Stage): void {
  const { kind, member, isNamed, read, prompt } = described;
  const [one = [], other = []] = [stage.keys, stage.newKeys()].map(({ secret }) => secret[member]);
  for (const entry of one)
    expectThat(read(entry) !== undefined, `makeUpSecret makes an entry of ${member} that cannot be used.`);
  expectThat(read('') === undefined, `An empty text is taken for an entry of ${member}.`);
  if (!isNamed) return;
  expectThat(prompt !== undefined, `Give ${kind} a prompt: no command can make up the name of an entry.`);
  const names = [...one, ...other].map((entry) => storedEntry(described, entry).name ?? '');
  const isNew = new Set(names).size === names.length;
  expectThat(isNew, `makeUpSecret must make up a name for each entry of ${member}: a rotation needs two names.`);
}

function expectUnique(values: readonly string[], what: string): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  expectThat(twice === undefined, `The ${what} ${twice} is there twice.`);
}

/** Sets up all routes and watches what they ask for. */
export async function setUp(stage: Stage): Promise<void> {
  const { provider, runtime } = stage;
  const { loads = [], secret } = provider;
  for (const [path, create] of Object.entries(runtime.routes)) {
    const context = stage.contextWith(stage.options);
    create({
      ...context,
      secret: (reader) => {
        if (secret === undefined) fail(`${path} reads a secret. Give the definition a secret, with its name.`);
        if (reader.keep && !provider.keepsRecords)
          fail(`${path} keeps its secret in the table. Set keepsRecords in the definition.`);
        return context.secret(reader);
      },
      cached: (name, source) => {
        if (!loads.includes(name))
          fail(`${path} loads "${name}". Add it to loads of the definition: an alarm watches it.`);
        return context.cached(name, source);
      },
    });
  }
}

/** A deployment changes code and options in one step, and an earlier version may have written them. */
export async function missingOptions(stage: Stage): Promise<void> {
  for (const [path, create] of Object.entries(stage.runtime.routes)) {
    for (const options of [{}, { ofAnotherVersion: 1 }]) {
      try {
        create(stage.contextWith(options));
      } catch (error) {
        fail(`${path} throws ${nameOf(error)} without options. Give each option a default.`);
      }
    }
  }
}
