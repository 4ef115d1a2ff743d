/** What stands below the help of `meetbus secrets`: the kinds of entries that the providers have. */
import type { SecretOwner } from './owners';

/** The text for these providers. */
export function helpOf(owners: readonly SecretOwner[]): string {
  const entries = owners.flatMap(({ name, secret }) => secret.entries.map((entry) => ({ ...entry, provider: name })));
  const width = Math.max(...entries.map(({ kind }) => kind.length));
  const kinds = entries.map(({ kind, description }) => `  ${kind.padEnd(width)}   ${description}`);
  const switches = entries.flatMap(({ kind, passOn }) => (passOn ? [`The switch for a ${kind} is: ${passOn}`] : []));
  const own = entries.find(({ prompt }) => prompt === undefined);
  const asked = entries.find(({ prompt }) => prompt !== undefined);
  return [
    '\nKinds of entries:',
    ...kinds,
    '\nValues come from a hidden prompt or from stdin, never from arguments.',
    '\nTo rotate, in two steps that refuse no delivery:',
    `  ${`npx meetbus secrets add ${(asked ?? own)?.kind}`.padEnd(44)} both count from now on`,
    '  …switch the provider to the new one…',
    `  ${'npx meetbus secrets retire <fingerprint>'.padEnd(44)} the old one is out`,
    ...(switches.length > 0 ? ['', ...switches] : []),
    '\nExamples:',
    '  npx meetbus secrets show --local',
    `  npx meetbus secrets set ${owners.at(-1)?.name}`,
    ...(own ? [`  npx meetbus secrets add ${own.kind} --generate`] : []),
    ...(asked ? [`  vault read … | npx meetbus secrets add ${asked.kind}`] : []),
  ].join('\n');
}
