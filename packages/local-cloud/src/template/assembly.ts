import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Json } from './intrinsics';

/** One resource as CloudFormation writes it, before resolution. */
export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, Json>>;
}

/** The parts of a CloudFormation template that the local cloud reads. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly Condition?: string }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: Json }>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
}

/** A stack of a CDK cloud assembly. */
export interface LoadedTemplate {
  /** The name that it is deployed as. */
  readonly stackName: string;
  readonly template: Template;
  /** Absolute path of each file asset by its object key in the asset bucket, such as `<hash>.zip`. */
  readonly assets: ReadonlyMap<string, string>;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

interface AssemblyManifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      { readonly type: string; readonly properties: { readonly templateFile: string; readonly stackName?: string } }
    >
  >;
}

interface StackArtifact {
  readonly id: string;
  readonly stackName: string;
  readonly templateFile: string;
}

/**
 * Reads the template and the asset manifest of one stack from a CDK cloud assembly.
 *
 * @param cdkOutDir folder that `cdk synth` has written, such as `cdk.out`
 * @param id the stack's artifact name, as `cdk list` shows it
 * @throws Error that names the stacks there are, when this one is not among them
 */
export function loadTemplate(cdkOutDir: string, id: string): LoadedTemplate {
  const stacks = stacksIn(cdkOutDir);
  const stack = stacks.find((one) => one.id === id);
  if (stack) return load(cdkOutDir, stack);
  throw new Error(`No template of stack "${id}" in ${cdkOutDir}. ${describeStacks(stacks)}`);
}

/**
 * Reads every stack of a CDK cloud assembly.
 *
 * @throws Error when there is none
 */
export function loadTemplates(cdkOutDir: string): LoadedTemplate[] {
  const stacks = stacksIn(cdkOutDir);
  if (stacks.length === 0) throw new Error(`No stack in ${cdkOutDir}. ${describeStacks(stacks)}`);
  return stacks.map((stack) => load(cdkOutDir, stack));
}

/** By the manifest: the folder also has the templates of nested stacks, and of stacks that an earlier synth wrote. */
function stacksIn(cdkOutDir: string): StackArtifact[] {
  const { artifacts = {} } = readJsonIfThere(join(cdkOutDir, 'manifest.json')) as AssemblyManifest;
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => ({ id, stackName: id, ...properties }));
}

function load(cdkOutDir: string, { id, stackName, templateFile }: StackArtifact): LoadedTemplate {
  const template = readJson(join(cdkOutDir, templateFile)) as Template;
  const assets = readJsonIfThere(join(cdkOutDir, `${id}.assets.json`)) as AssetManifest;
  return { stackName, template, assets: assetPaths(cdkOutDir, assets) };
}

function assetPaths(cdkOutDir: string, manifest: AssetManifest): Map<string, string> {
  const files = Object.values(manifest.files ?? {});
  return new Map(
    files.flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(cdkOutDir, source.path)] as const),
    ),
  );
}

function describeStacks(stacks: readonly StackArtifact[]): string {
  return stacks.length > 0 ? `Stacks there: ${stacks.map(({ id }) => id).join(', ')}.` : 'Run `npx cdk synth` first.';
}

const readJsonIfThere = (path: string): unknown => (existsSync(path) ? readJson(path) : {});

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not JSON (${(error as Error).message}). Run \`npx cdk synth\` again.`);
  }
}
