/** `meetbus secrets`: what proves the providers' deliveries, and its rotation. It never prints a value. */
import { Argument, Command } from 'commander';
import { checkUnused } from '../../providers/realtimekit/cli/unused';
import { parseRecallSecrets } from '../../providers/recall/secrets';
import { type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { footer, type JsonFlags, note, printJson } from '../output';
import { subcommand } from '../subcommand';
import { UsageError, withChoices } from '../usage';
import {
  type Entry,
  entriesOf,
  fingerprintOf,
  KINDS,
  type Kind,
  newToken,
  notOne,
  SECRETS,
  type SecretOwner,
  valuesOf,
  withEntry,
  withoutEntry,
} from './secrets/entries';
import { noObject, noSecret } from './secrets/newest';
import { printSecrets } from './secrets/print';
import { readSecret } from './secrets/prompt';
import { type SecretStore, type StoredSecret, withSecretStore } from './secrets/store';

type Flags = DeploymentFlags & JsonFlags & { readonly generate?: true; readonly force?: true };

const OWNERS = Object.keys(SECRETS) as SecretOwner[];

export function secretsCommand(): Command {
  return new Command('secrets')
    .description('Signing secrets and tokens of the providers; their values are never shown.')
    .addCommand(subcommand('show', 'Show what is configured: kinds, fingerprints and dates, no values.').action(show))
    .addCommand(
      subcommand('set', 'Set a secret up: asks for what the provider made, and makes up the tokens.')
        .addArgument(withChoices(new Argument('[provider]', 'whose secret').default('recall'), OWNERS))
        .action(set),
    )
    .addCommand(
      subcommand('add', 'Add an entry that counts beside those that are there.')
        .addArgument(withChoices(new Argument('<kind>', 'what to add'), Object.keys(KINDS)))
        .option('--generate', 'make up the token')
        .action(add),
    )
    .addCommand(
      subcommand('retire', 'Take an entry out. What only it proves is refused or set aside from then on.')
        .argument('<fingerprint>', 'as "secrets show" tells it, or the beginning of it')
        .option('--force', 'also the last one of its kind, or one that a webhook still uses')
        .action(retire),
    )
    .addHelpText('after', footer(HELP));
}

const HELP = `
Kinds of entries:
  signing-secret   Recall.ai signs with it; its dashboard shows it (whsec_…)
  token            ends the URLs of Recall.ai's real-time endpoints
  url-token        ends the URL of RealtimeKit's webhook

Values come from a hidden prompt or from stdin, never from arguments.

To rotate, in two steps that refuse no delivery:
  npx meetbus secrets add signing-secret       both count from now on
  …switch the provider to the new one…
  npx meetbus secrets retire <fingerprint>     the old one is out

The switch for a url-token is: npx meetbus realtimekit webhooks sync

Examples:
  npx meetbus secrets show --local
  npx meetbus secrets set realtimekit
  npx meetbus secrets add token --generate
  vault read … | npx meetbus secrets add signing-secret`;

/** Does work with the secrets that the deployment has: an older one has none of RealtimeKit. */
async function withEach<T>(deployment: Deployment, work: (store: SecretStore) => Promise<T>): Promise<T[]> {
  const owners = OWNERS.filter(
    (owner) => owner === 'recall' || deployment.outputs[SECRETS[owner].output] !== undefined,
  );
  return Promise.all(owners.map((owner) => withSecretStore(deployment, owner, work)));
}

async function show(flags: Flags): Promise<void> {
  const found = await withEach(await findDeployment(flags), async (store) => ({ store, secret: await store.read() }));
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

async function set(owner: SecretOwner, flags: Flags): Promise<void> {
  await withSecretStore(await findDeployment(flags), owner, async (store) => {
    const found = await store.read();
    if (found && isLive(owner, found)) {
      const [kind] = kindsOf(owner);
      throw new Error(`The secret ${store.name} is set already. Add to it: npx meetbus secrets add ${kind}`);
    }
    // What was there is unusable, and would only be counted as ignored.
    const lists = kindsOf(owner).map((kind) => KINDS[kind].member as string);
    let value: StoredSecret['json'] = Object.fromEntries(
      Object.entries(found?.json ?? {}).filter(([member]) => !lists.includes(member)),
    );
    for (const kind of kindsOf(owner)) value = withEntry(value, kind, await newValueOf(kind));
    await (found ? store.replace(found, value) : store.create(value));
    report(flags, `Set the secret ${store.name}`, entriesOf(value));
    if (owner === 'realtimekit') note('Now register it with RealtimeKit: npx meetbus realtimekit webhooks sync');
  });
}

const kindsOf = (owner: SecretOwner): Kind[] =>
  (Object.keys(KINDS) as Kind[]).filter((kind) => KINDS[kind].owner === owner);

async function newValueOf(kind: Kind): Promise<string> {
  return KINDS[kind].isMadeUp ? newToken() : readSecret('Signing secret of Recall.ai (whsec_…), hidden:');
}

/** Whether verifiers take anything of it: they are less strict than what may be added. */
function isLive(owner: SecretOwner, { json }: StoredSecret): boolean {
  if (owner === 'realtimekit') return valuesOf(json, 'url-token').some(KINDS['url-token'].isUsable);
  try {
    const { signingKeys, realtimeTokens } = parseRecallSecrets(json);
    return signingKeys.length + realtimeTokens.length > 0;
  } catch {
    return false;
  }
}

async function add(kind: Kind, flags: Flags): Promise<void> {
  if (flags.generate && !KINDS[kind].isMadeUp) {
    throw new UsageError('Only a token can be generated: Recall.ai makes the signing secrets.');
  }
  await withSecretStore(await findDeployment(flags), KINDS[kind].owner, async (store) => {
    const secret = await store.read();
    if (secret && !secret.isObject) throw new Error(noObject(store));
    const value = flags.generate ? newToken() : await readSecret(`New ${kind}, hidden:`);
    const json = withEntry(secret?.json ?? {}, kind, value);
    await (secret ? store.replace(secret, json) : store.create(json));
    const fingerprint = fingerprintOf(value);
    report(
      flags,
      `Added a ${kind}`,
      entriesOf(json).filter((entry) => entry.fingerprint === fingerprint),
    );
  });
}

async function retire(fingerprint: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const owner = await ownerOf(deployment, fingerprint);
  await withSecretStore(deployment, owner, async (store) => {
    const secret = await readReadable(store);
    const value = withoutEntry(secret.json, fingerprint, flags.force === true);
    const gone = valuesOf(secret.json, 'url-token').filter((token) => !valuesOf(value, 'url-token').includes(token));
    if (gone.length > 0) await checkUnused(gone, flags.force === true);
    await store.replace(secret, value);
    const kept = new Set(entriesOf(value).map((entry) => entry.fingerprint));
    report(
      flags,
      'Retired',
      entriesOf(secret.json).filter((entry) => !kept.has(entry.fingerprint)),
    );
  });
}

/** Whose secret has the entry that a fingerprint names. One that no secret has is looked for in the first that is there. */
async function ownerOf(deployment: Deployment, fingerprint: string): Promise<SecretOwner> {
  const found = await withEach(deployment, async (store) => ({ owner: store.owner, secret: await store.read() }));
  const [named, other] = found.filter(({ secret }) =>
    entriesOf(secret?.json ?? {}).some((entry) => entry.fingerprint.startsWith(fingerprint)),
  );
  if (other) throw new Error(notOne(fingerprint));
  return (named ?? found.find(({ secret }) => secret) ?? found[0])?.owner ?? 'recall';
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
  else console.log(`${done}: ${entries.map(({ kind, fingerprint }) => `${kind} ${fingerprint}`).join(', ')}`);
}
