import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

const TEMPLATE_SUFFIX = '.template.json';

/**
 * Reads the template and the asset manifest of one stack from a CDK cloud assembly.
 *
 * @param cdkOutDir folder that `cdk synth` has written, such as `cdk.out`
 * @param stackName the stack's artifact name, as `cdk list` shows it
 * @throws Error that names the stacks there are, when this one is not among them
 */
export function loadTemplate(cdkOutDir: string, stackName: string): LoadedTemplate {
  const templatePath = join(cdkOutDir, `${stackName}${TEMPLATE_SUFFIX}`);
  if (!existsSync(templatePath)) {
    throw new Error(`No template of stack "${stackName}" in ${cdkOutDir}. ${describeStacks(cdkOutDir)}`);
  }
  const manifestPath = join(cdkOutDir, `${stackName}.assets.json`);
  const manifest = existsSync(manifestPath) ? (readJson(manifestPath) as AssetManifest) : {};
  return { stackName, template: readJson(templatePath) as Template, assets: assetPaths(cdkOutDir, manifest) };
}

/**
 * Reads every stack of a CDK cloud assembly.
 *
 * @throws Error when there is none
 */
export function loadTemplates(cdkOutDir: string): LoadedTemplate[] {
  const names = stacksIn(cdkOutDir);
  if (names.length === 0) throw new Error(`No stack in ${cdkOutDir}. ${describeStacks(cdkOutDir)}`);
  return names.map((name) => loadTemplate(cdkOutDir, name));
}

function stacksIn(cdkOutDir: string): string[] {
  const files = existsSync(cdkOutDir) ? readdirSync(cdkOutDir) : [];
  return files.filter((file) => file.endsWith(TEMPLATE_SUFFIX)).map((file) => file.slice(0, -TEMPLATE_SUFFIX.length));
}

function assetPaths(cdkOutDir: string, manifest: AssetManifest): Map<string, string> {
  const files = Object.values(manifest.files ?? {});
  return new Map(
    files.flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(cdkOutDir, source.path)] as const),
    ),
  );
}

function describeStacks(cdkOutDir: string): string {
  const stacks = stacksIn(cdkOutDir);
  return stacks.length > 0 ? `Stacks there: ${stacks.join(', ')}.` : 'Run `npx cdk synth` first.';
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not JSON (${(error as Error).message}). Run \`npx cdk synth\` again.`);
  }
}
