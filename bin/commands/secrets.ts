/** `meetbus secrets`: what proves Recall.ai's deliveries, and its rotation. It never prints a value. */
import { randomBytes } from 'node:crypto';
import { Argument, Command } from 'commander';
import { parseRecallSecrets } from '../../lambdas/providers/recall/secrets';
import { colors } from '../../local/colors';
import { type DeploymentFlags, findDeployment } from '../deployment';
import { footer, type JsonFlags, printJson, tableOf } from '../output';
import { subcommand } from '../subcommand';
import { UsageError, withChoices } from '../usage';
import { type Entry, entriesOf, fingerprintOf, KINDS, type Kind, withEntry, withoutEntry } from './secrets/entries';
import { noObject, noSecret } from './secrets/newest';
import { readSecret } from './secrets/prompt';
import { type SecretStore, type StoredSecret, withSecretStore } from './secrets/store';

type Flags = DeploymentFlags & JsonFlags & { readonly generate?: true; readonly force?: true };

export function secretsCommand(): Command {
  return new Command('secrets')
    .description("Recall.ai's signing secrets and real-time tokens; their values are never shown.")
    .addCommand(
      subcommand('show', 'Show what is configured: kinds, fingerprints and dates, no values.').action((flags: Flags) =>
        withStore(flags, (store) => show(store, flags)),
      ),
    )
    .addCommand(
      subcommand('set', 'Set the secret up: asks for the signing secret, and makes up a real-time token.').action(
        (flags: Flags) => withStore(flags, (store) => set(store, flags)),
      ),
    )
    .addCommand(
      subcommand('add', 'Add one that counts beside those that are there.')
        .addArgument(withChoices(new Argument('<kind>', 'what to add'), Object.keys(KINDS)))
        .option('--generate', 'make up the token')
        .action((kind: Kind, flags: Flags) => withStore(flags, (store) => add(store, kind, flags))),
    )
    .addCommand(
      subcommand('retire', 'Take one out. Deliveries that only it proves are refused from then on.')
        .argument('<fingerprint>', 'as "secrets show" tells it, or the beginning of it')
        .option('--force', 'also the last one of its kind')
        .action((fingerprint: string, flags: Flags) => withStore(flags, (store) => retire(store, fingerprint, flags))),
    )
    .addHelpText('after', footer(HELP));
}

const HELP = `
Values come from a hidden prompt or from stdin, never from arguments.

To rotate, in two steps that refuse no delivery:
  npx meetbus secrets add signing-secret       both count from now on
  …switch the provider to the new one…
  npx meetbus secrets retire <fingerprint>     the old one is out

Examples:
  npx meetbus secrets show --local
  npx meetbus secrets add token --generate
  vault read … | npx meetbus secrets add signing-secret`;

const withStore = async (flags: Flags, work: (store: SecretStore) => Promise<void>): Promise<void> =>
  withSecretStore(await findDeployment(flags), work);

async function show(store: SecretStore, { json }: Flags): Promise<void> {
  const secret = await readReadable(store);
  const entries = entriesOf(secret.json);
  if (json) return printJson({ secretName: store.name, version: secret.versionId, changed: secret.createdAt, entries });
  console.log(`Secret ${store.name}, changed ${secret.createdAt?.toISOString() ?? 'at an unknown time'}`);
  console.log(`${countOf(entries, 'signing-secret')}, ${countOf(entries, 'token')}\n`);
  console.log(
    tableOf<Entry>(
      [
        { title: 'kind', value: ({ kind }) => kind },
        { title: 'fingerprint', value: ({ fingerprint }) => fingerprint },
        { title: '', value: remarkOn },
      ],
      entries,
    ),
  );
}

const remarkOn = ({ isUsable, isWeak }: Entry): string => {
  if (!isUsable) return colors.red('not usable: ignored');
  return isWeak ? colors.yellow('taken, but easy to guess: replace it') : '';
};

const countOf = (entries: readonly Entry[], kind: Kind): string => {
  const count = entries.filter((entry) => entry.kind === kind).length;
  return `${count} ${kind}${count === 1 ? '' : 's'}`;
};

async function set(store: SecretStore, flags: Flags): Promise<void> {
  const found = await store.read();
  if (found && isLive(found)) {
    throw new Error(`The secret ${store.name} is set already. Add to it: npx meetbus secrets add signing-secret`);
  }
  const signingSecret = await readSecret('Signing secret of Recall.ai (whsec_…), hidden:');
  // What was there is unusable, and would only be counted as ignored.
  const { signingSecrets, realtimeTokens, ...unknown } = found?.json ?? {};
  const value = withEntry(withEntry(unknown, 'signing-secret', signingSecret), 'token', newToken());
  await (found ? store.replace(found, value) : store.create(value));
  report(flags, `Set the secret ${store.name}`, entriesOf(value));
}

/** Whether verifiers take anything of it: they are less strict than what may be added. */
function isLive({ json }: StoredSecret): boolean {
  try {
    const { signingKeys, realtimeTokens } = parseRecallSecrets(json);
    return signingKeys.length + realtimeTokens.length > 0;
  } catch {
    return false;
  }
}

async function add(store: SecretStore, kind: Kind, flags: Flags): Promise<void> {
  if (flags.generate && kind !== 'token') {
    throw new UsageError('Only a token can be generated: Recall.ai makes the signing secrets.');
  }
  const secret = await readReadable(store);
  const value = flags.generate ? newToken() : await readSecret(`New ${kind}, hidden:`);
  await store.replace(secret, withEntry(secret.json, kind, value));
  report(flags, `Added a ${kind}`, [{ kind, fingerprint: fingerprintOf(value), isUsable: true, isWeak: false }]);
}

async function retire(store: SecretStore, fingerprint: string, flags: Flags): Promise<void> {
  const secret = await readReadable(store);
  const value = withoutEntry(secret.json, fingerprint, flags.force === true);
  await store.replace(secret, value);
  const kept = new Set(entriesOf(value).map((entry) => entry.fingerprint));
  report(
    flags,
    'Retired',
    entriesOf(secret.json).filter((entry) => !kept.has(entry.fingerprint)),
  );
}

/**
 * The secret, if Meetbus can read it: then a change of its members also keeps all that it holds.
 *
 * @throws Error that says what to do, where there is none or it holds something else
 */
async function readReadable(store: SecretStore): Promise<StoredSecret> {
  const secret = await store.read();
  if (!secret) throw new Error(noSecret(store.name));
  if (!secret.isObject) throw new Error(noObject(store.name));
  return secret;
}

const newToken = (): string => randomBytes(32).toString('base64url');

/** Says what was done, to which entries. */
function report({ json }: Flags, done: string, entries: readonly Entry[]): void {
  if (json) printJson(entries);
  else console.log(`${done}: ${entries.map(({ kind, fingerprint }) => `${kind} ${fingerprint}`).join(', ')}`);
}
