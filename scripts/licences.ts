/** The licences of bundled packages, which must be distributed with the code. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The folder of a package, from the path of a file in it. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/** One text with the licence of every package whose code esbuild bundled; a shared licence appears once. */
export function licencesOf(metafiles: readonly Metafile[], projectRoot: string): string {
  const files = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  const folders = new Set(files.flatMap((file) => file.match(PACKAGE_FOLDER) ?? []));
  const packagesByLicence = Map.groupBy([...folders].sort(), (folder) => licenceIn(join(projectRoot, folder)));
  const sections = [...packagesByLicence].map(
    ([licence, members]) => `${members.map((folder) => nameOf(join(projectRoot, folder))).join('\n')}\n\n${licence}\n`,
  );
  return `The code in this folder holds code of these packages.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function nameOf(folder: string): string {
  const { name, version } = manifestIn(folder);
  return `${name} ${version}`;
}

function licenceIn(folder: string): string {
  const [file] = globSync('{LICENSE,LICENCE,license,licence,License}{,.md,.txt}', { cwd: folder });
  if (file) return readFileSync(join(folder, file), 'utf8').trim();
  const { name, license } = manifestIn(folder);
  if (!license) throw new Error(`${name} names no licence: do not bundle it.`);
  return `Licence: ${license}`;
}
