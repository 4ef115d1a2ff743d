/** What `cdk synth` has written: the whole app as it is deployed, with its bundles. For end-to-end tests alone. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CDK_OUT } from './synth';
import type { Resource } from './template';

interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { path: string } }>>;
}

const readJson = (name: string) => JSON.parse(readFileSync(join(CDK_OUT, name), 'utf8'));

/** The synthesized template. */
export const synthesizedTemplate = (): {
  readonly Resources: Readonly<Record<string, Resource & { readonly Type: string }>>;
} => readJson('Meetbus.template.json');

/** Resources of a type in the synthesized template, by logical id. */
export const synthesizedResources = (type: string): [logicalId: string, resource: Resource][] =>
  Object.entries(synthesizedTemplate().Resources).filter(([, { Type }]) => Type === type);

/** Folder of a function's bundle. */
export function bundleOf({ Properties }: Resource): string {
  const { S3Key } = Properties.Code as { readonly S3Key: string };
  return join(CDK_OUT, `asset.${S3Key.replace('.zip', '')}`);
}

/**
 * Writes the synthesized app into another folder, with changes that nobody would deploy. The functions' code stays where it
 * is.
 *
 * @param change is given each resource of the template, and may change it in place
 */
export function copyAssembly<Changed>(folder: string, change: (resource: Changed) => void): void {
  const template = readJson('Meetbus.template.json');
  for (const resource of Object.values<Changed>(template.Resources)) change(resource);
  const assets: Assets = readJson('Meetbus.assets.json');
  for (const { source } of Object.values(assets.files)) source.path = resolve(CDK_OUT, source.path);
  writeFileSync(join(folder, 'Meetbus.template.json'), JSON.stringify(template));
  writeFileSync(join(folder, 'Meetbus.assets.json'), JSON.stringify(assets));
  copyFileSync(join(CDK_OUT, 'manifest.json'), join(folder, 'manifest.json'));
}
