/** Secrets as people read them: everything but their values. */
import { colors } from '../../colors';
import { type JsonFlags, printJson, tableOf } from '../../output';
import { type Entry, entriesOf } from './entries';
import type { SecretOwner } from './owners';
import type { StoredSecret } from './store';

/** A secret that can be read. */
interface NamedSecret extends StoredSecret {
  readonly owner: SecretOwner;
  readonly name: string;
}

/** Prints what secrets hold. */
export function printSecrets(secrets: readonly NamedSecret[], { json }: JsonFlags): void {
  if (json) {
    printJson({
      secrets: secrets.map(({ owner, name, versionId, createdAt }) => ({
        ...{ provider: owner.name, secretName: name, version: versionId, changed: createdAt },
      })),
      entries: secrets.flatMap(({ owner, name, json }) =>
        entriesOf(owner, json).map((entry) => ({ ...entry, secretName: name })),
      ),
    });
    return;
  }
  console.log(secrets.map(asText).join('\n\n'));
}

function asText({ name, owner, createdAt, json }: NamedSecret): string {
  const entries = entriesOf(owner, json);
  return [
    `Secret ${name}, changed ${createdAt?.toISOString() ?? 'at an unknown time'}`,
    `${owner.secret.entries.map(({ kind }) => countOf(entries, kind)).join(', ')}\n`,
    tableOf(COLUMNS, entries),
  ].join('\n');
}

const COLUMNS = [
  { title: 'kind', value: ({ kind }: Entry) => kind },
  { title: 'fingerprint', value: ({ fingerprint }: Entry) => fingerprint },
  { title: 'added', value: ({ addedAt }: Entry) => addedAt ?? colors.dim('unknown') },
  { title: '', value: (entry: Entry) => remarkOn(entry) },
];

const remarkOn = ({ isUsable, isWeak }: Entry): string => {
  if (!isUsable) return colors.red('not usable: ignored');
  return isWeak ? colors.yellow('easy to guess: replace it') : '';
};

const countOf = (entries: readonly Entry[], kind: string): string => {
  const count = entries.filter((entry) => entry.kind === kind).length;
  return `${count} ${kind}${count === 1 ? '' : 's'}`;
};
