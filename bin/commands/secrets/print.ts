/** Secrets as people read them: everything but their values. */
import { colors } from '../../colors';
import { type Column, type JsonFlags, printJson, tableOf } from '../../output';
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
    tableOf(columnsFor(owner), entries),
  ].join('\n');
}

const columnsFor = ({ secret }: SecretOwner): readonly Column<Entry>[] => [
  { title: 'kind', value: ({ kind }) => kind },
  ...(secret.entries.some(({ isNamed }) => isNamed) ? [NAME] : []),
  { title: 'fingerprint', value: ({ fingerprint }) => fingerprint },
  { title: 'added', value: ({ addedAt }) => addedAt ?? colors.dim('unknown') },
  { title: '', value: remarkOn, narrow: 'wrap' },
];

const NAME: Column<Entry> = { title: 'name', value: ({ name }) => name ?? '', narrow: 'cut' };

function remarkOn({ isUsable, isWeak }: Entry): string {
  if (!isUsable) return colors.red('not usable: ignored');
  return isWeak ? colors.yellow('easy to guess: replace it') : '';
}

const countOf = (entries: readonly Entry[], kind: string): string => {
  const count = entries.filter((entry) => entry.kind === kind).length;
  return `${count} ${kind}${count === 1 ? '' : 's'}`;
};
