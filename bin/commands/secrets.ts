/** `meetbus secrets`: what proves the deliveries of the providers, and its rotation. It never prints a value. */
import { Argument, Command } from 'commander';
import type { SecretEntry } from '../../providers/provider';
import { type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { footer, type JsonFlags, note, print, printJson } from '../output';
import { readCli } from '../providers';
import { subcommand } from '../subcommand';
import { UsageError, withChoices } from '../usage';
import {
  type Entry,
  entriesOf,
  fingerprintOf,
  inWords,
  newToken,
  notOne,
  typedValue,
  valuesOf,
  withEntry,
  withoutEntry,
} from './secrets/entries';
import { helpOf } from './secrets/help';
import { noObject, noSecret } from './secrets/newest';
import {
  addCommandOf,
  entryOf,
  kindNames,
  ownerNamed,
  ownerOfKind,
  ownersOf,
  type SecretOwner,
  secretOwners,
} from './secrets/owners';
import { printSecrets } from './secrets/print';
import { readSecret } from './secrets/prompt';
import { type SecretStore, type StoredSecret, withSecretStore } from './secrets/store';

type Flags = DeploymentFlags & JsonFlags & { readonly generate?: true; readonly force?: true };

export function secretsCommand(): Command {
  const names = secretOwners().map(({ name }) => name);
  return new Command('secrets')
    .description('Signing secrets and tokens of the providers; their values are never shown.')
    .addCommand(
      subcommand('show', 'Show what is configured: kinds, names, fingerprints and dates, no values.')
        .addArgument(withChoices(new Argument('[provider]', 'whose secret; else each one'), names))
        .action(show),
    )
    .addCommand(
      subcommand('set', 'Set up a secret: ask for what the provider generated, and generate the tokens.')
        .addArgument(
          withChoices(new Argument('[provider]', 'whose secret; else that of the first provider deployed'), names),
        )
        .action(set),
    )
    .addCommand(
      subcommand('add', 'Add an entry that counts beside those that are there.')
        .addArgument(withChoices(new Argument('<kind>', 'what to add'), kindNames()))
        .addArgument(withChoices(new Argument('[provider]', 'whose, where several have that kind'), names))
        .option('--generate', 'make up the token')
        .action(add),
    )
    .addCommand(
      subcommand('retire', 'Take an entry out. What only it proves is refused or set aside from then on.')
        .argument('<fingerprint>', 'as "secrets show" prints it, or the beginning of it')
        .option('--force', 'also the last one of its kind, or one that the provider still uses')
        .action(retire),
    )
    .addHelpText('after', footer(helpOf(secretOwners())));
}

/** Does work with the secrets of these providers. */
const withEach = <T>(
  deployment: Deployment,
  owners: readonly SecretOwner[],
  work: (store: SecretStore) => Promise<T>,
): Promise<T[]> => Promise.all(owners.map((owner) => withSecretStore(deployment, owner, work)));

async function show(name: string | undefined, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const owners = name === undefined ? ownersOf(deployment) : [ownerNamed(name)];
  const found = await withEach(deployment, owners, async (store) => ({ store, secret: await store.read() }));
  const there = found.filter(({ secret }) => secret?.isObject);
  const missing = found.filter(({ secret }) => !secret?.isObject);
  if (there.length > 0 || flags.json) {
    printSecrets(
      there.map(({ store, secret }) => ({ ...(secret as StoredSecret), owner: store.owner, name: store.name })),
      flags,
    );
  }
  for (const { store, secret } of missing) {
    note(secret ? noObject(store) : noSecret(store));
    // Who uses one provider alone needs no other's secret; one that nobody can read is a fault.
    if (secret || there.length === 0) process.exitCode = 1;
  }
}

async function set(name: string | undefined, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const owner = name === undefined ? (ownersOf(deployment)[0] as SecretOwner) : ownerNamed(name);
  const { entries } = owner.secret;
  await withSecretStore(deployment, owner, async (store) => {
    const found = await store.read();
    if (entriesOf(owner, found?.json ?? {}).some(({ isUsable }) => isUsable)) {
      const add = addCommandOf(owner, entries[0] as SecretEntry);
      throw new Error(`The secret ${store.name} is set already. Add to it: ${add}`);
    }
    // The entries that were there are unusable, and would only be counted as ignored.
    const members = entries.map(({ member }) => member);
    let value: StoredSecret['json'] = Object.fromEntries(
      Object.entries(found?.json ?? {}).filter(([member]) => !members.includes(member)),
    );
    for (const entry of entries) {
      value = withEntry(owner, value, entry, entry.prompt ? await ask(entry, entry.prompt) : newToken());
    }
    await (found ? store.replace(found, value) : store.create(value));
    report(flags, `Set the secret ${store.name}`, entriesOf(owner, value));
    for (const { passOn } of entries) if (passOn) note(`Now register it with ${owner.title}: ${passOn}`);
  });
}

async function add(kind: string, name: string | undefined, flags: Flags): Promise<void> {
  const owner = ownerOfKind(kind, name);
  const entry = entryOf(owner, kind);
  if (flags.generate && entry.prompt !== undefined) {
    throw new UsageError(`Only a token can be generated: ${owner.title} makes the ${entry.title}s.`);
  }
  await withSecretStore(await findDeployment(flags), owner, async (store) => {
    const secret = await store.read();
    if (secret && !secret.isObject) throw new Error(noObject(store));
    const value = flags.generate
      ? newToken()
      : await ask(entry, `New ${kind}${entry.isNamed ? ' (<name>:<value>)' : ''}`);
    const json = withEntry(owner, secret?.json ?? {}, entry, value);
    await (secret ? store.replace(secret, json) : store.create(json));
    const fingerprint = fingerprintOf(value);
    report(
      flags,
      'Added',
      entriesOf(owner, json).filter((one) => one.fingerprint === fingerprint),
    );
  });
}

/** Takes in a value from a hidden prompt or from stdin. */
const ask = async (entry: SecretEntry, prompt: string): Promise<string> =>
  typedValue(entry, await readSecret(`${prompt}, hidden:`));

async function retire(fingerprint: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const owner = await ownerOf(deployment, fingerprint);
  await withSecretStore(deployment, owner, async (store) => {
    const secret = await readReadable(store);
    const value = withoutEntry(owner, secret.json, fingerprint, flags.force === true);
    const gone = owner.secret.entries.flatMap((entry) => {
      const left = valuesOf(value, entry);
      return valuesOf(secret.json, entry).filter((one) => !left.includes(one));
    });
    const cli = await readCli(owner);
    if (gone.length > 0) await cli?.beforeRetire?.(gone, flags.force === true);
    await store.replace(secret, value);
    const kept = new Set(entriesOf(owner, value).map((entry) => entry.fingerprint));
    report(
      flags,
      'Retired',
      entriesOf(owner, secret.json).filter((entry) => !kept.has(entry.fingerprint)),
    );
  });
}

/** The provider whose secret has the entry that a fingerprint names. Without one, the first whose secret exists. */
async function ownerOf(deployment: Deployment, fingerprint: string): Promise<SecretOwner> {
  const found = await withEach(deployment, ownersOf(deployment), async (store) => ({
    owner: store.owner,
    secret: await store.read(),
  }));
  const [named, other] = found.filter(({ owner, secret }) =>
    entriesOf(owner, secret?.json ?? {}).some((entry) => entry.fingerprint.startsWith(fingerprint)),
  );
  if (other) throw new Error(notOne(fingerprint));
  const { owner } = (named ?? found.find(({ secret }) => secret) ?? found[0]) as { readonly owner: SecretOwner };
  return owner;
}

/**
 * The secret, if Meetbus can read it: then a change of its members also keeps all that it holds.
 *
 * @throws Error that says what to do, where there is none or it holds something else
 */
async function readReadable(store: SecretStore): Promise<StoredSecret> {
  const secret = await store.read();
  if (!secret) throw new Error(noSecret(store));
  if (!secret.isObject) throw new Error(noObject(store));
  return secret;
}

/** Says what was done, to which entries. */
function report({ json }: Flags, done: string, entries: readonly Entry[]): void {
  if (json) printJson(entries);
  else print(`${done}: ${entries.map(inWords).join(', ')}`);
}
