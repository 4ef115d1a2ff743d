/** What stands below the help of `meetbus secrets`: the kinds of entries that the providers have. */
import { addCommandOf, type SecretOwner } from './owners';

/** The text for these providers. */
export function helpOf(owners: readonly SecretOwner[]): string {
  const entries = owners.flatMap((owner) => owner.secret.entries.map((entry) => ({ owner, ...entry })));
  const width = Math.max(...entries.map(({ kind }) => kind.length));
  const kinds = owners.flatMap(({ name, secret }) => [
    `  ${name}`,
    ...secret.entries.map(({ kind, description }) => `    ${kind.padEnd(width)}   ${description}`),
  ]);
  const switches = entries.flatMap(({ kind, passOn }) => (passOn ? [`To switch to a new ${kind}: ${passOn}`] : []));
  const own = entries.find(({ prompt }) => prompt === undefined);
  const asked = entries.find(({ prompt }) => prompt !== undefined);
  const any = asked ?? own;
  const provider = owners.at(-1)?.name;
  return [
    '\nKinds of entries, by provider:',
    ...kinds,
    '\nValues come from a hidden prompt or from stdin, never from arguments.',
    ...(entries.some(({ isNamed }) => isNamed) ? ['A value with a name is typed as <name>:<value>.'] : []),
    '\nTo rotate, in two steps that refuse no delivery:',
    ...(any ? [`  ${addCommandOf(any.owner, any).padEnd(44)} both count from now on`] : []),
    '  …switch the provider to the new one…',
    `  ${'npx meetbus secrets retire <fingerprint>'.padEnd(44)} the old one is out`,
    ...(switches.length > 0 ? ['', ...switches] : []),
    '\nExamples:',
    '  npx meetbus secrets show --local',
    `  npx meetbus secrets show ${provider}`,
    `  npx meetbus secrets set ${provider}`,
    ...(own ? [`  ${addCommandOf(own.owner, own)} --generate`] : []),
    ...(asked ? [`  vault read … | ${addCommandOf(asked.owner, asked)}`] : []),
  ].join('\n');
}
