/** Copies of the synthesized app with changes that nobody would deploy. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CDK_OUT } from './synth';

interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { path: string } }>>;
}

const readJson = (name: string) => JSON.parse(readFileSync(join(CDK_OUT, name), 'utf8'));

/**
 * Writes the synthesized app into another folder, with the functions' code left where it is.
 *
 * @param change is given each resource of the template, and may change it in place
 */
export function copyAssembly<Resource>(folder: string, change: (resource: Resource) => void): void {
  const template = readJson('Meetbus.template.json');
  for (const resource of Object.values<Resource>(template.Resources)) change(resource);
  const assets: Assets = readJson('Meetbus.assets.json');
  for (const { source } of Object.values(assets.files)) source.path = resolve(CDK_OUT, source.path);
  writeFileSync(join(folder, 'Meetbus.template.json'), JSON.stringify(template));
  writeFileSync(join(folder, 'Meetbus.assets.json'), JSON.stringify(assets));
  copyFileSync(join(CDK_OUT, 'manifest.json'), join(folder, 'manifest.json'));
}
