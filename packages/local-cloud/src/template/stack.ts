import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service';
import type { LoadedTemplate, TemplateResource } from './assembly';
import { type Json, resolveValue, type Scope } from './intrinsics';
import { localArn, type Naming, RESOURCE_TYPES, type ResourceType } from './resource-types';

/** A resource of the stack with everything resolved. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** Physical name: the template's, else made of stack name and logical id, the same on every run. */
  readonly name: string;
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, Json>>;
}

/** A resource that the local cloud leaves out, knowingly. */
export interface PassedOverResource {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

/** A stack ready to run. */
export interface ResolvedStack {
  readonly stackName: string;
  /** The resources to run, in the template's order. */
  readonly resources: readonly StackResource[];
  readonly passedOver: readonly PassedOverResource[];
  /** The resources of one type, in the template's order. */
  ofType(type: string): StackResource[];
  /**
   * Absolute folder of a function's code.
   *
   * @throws Error when the code is not an asset of the cloud assembly
   */
  assetFolder(lambdaFunction: StackResource): string;
  /**
   * The stack's outputs in the shape of `cdk deploy --outputs-file`.
   *
   * The template spells an API's URL as `https://<api>.execute-api.…/<stage>/`. Nobody answers there, so every such
   * URL in an output becomes `apiUrl`, with what follows it kept.
   *
   * @param apiUrl URL of the local API, such as `http://127.0.0.1:3000/`; without it the AWS URL stays
   */
  resolveOutputs(options?: { readonly apiUrl?: string }): Record<string, Record<string, Json>>;
  /** A text with `apiUrl` in place of the URL that the template spells for an API, as in {@link resolveOutputs}. */
  localizeUrls(text: string, apiUrl: string): string;
}

/** Settings of {@link resolveTemplate}. */
export interface ResolveOptions {
  /** URL of the local AWS endpoint that queue URLs start with, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/**
 * Resolves a template: names, references, conditions, outputs.
 *
 * @throws Error that names type and logical id of every resource of a type that the local cloud does not know, or the
 * path of the first value that cannot be resolved
 */
export function resolveTemplate(loaded: LoadedTemplate, options: ResolveOptions): ResolvedStack {
  const { template, stackName, assets } = loaded;
  const scope = new StackScope(loaded, options);
  const present = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  );
  refuseUnknownTypes(present);

  const resources = present
    .filter(([, { Type }]) => !RESOURCE_TYPES[Type]?.passedOver)
    .map(([logicalId]) => scope.resource(logicalId));
  return {
    stackName,
    resources,
    passedOver: present.flatMap(([logicalId, { Type: type }]) => {
      const reason = RESOURCE_TYPES[type]?.passedOver;
      return reason ? [{ logicalId, type, reason }] : [];
    }),
    ofType: (type) => resources.filter((resource) => resource.type === type),
    assetFolder: (lambdaFunction) => assetFolder(lambdaFunction, assets),
    localizeUrls: (text, apiUrl) => localizeInvokeUrls(text, apiIdsOf(resources), apiUrl),
    resolveOutputs: ({ apiUrl } = {}) => ({ [stackName]: outputs(loaded, scope, resources, apiUrl) }),
  };
}

function refuseUnknownTypes(resources: ReadonlyArray<[string, TemplateResource]>): void {
  const unknown = resources.filter(([, { Type }]) => !RESOURCE_TYPES[Type]);
  if (unknown.length === 0) return;
  const names = unknown.map(([logicalId, { Type }]) => `${Type} (${logicalId})`).join(', ');
  throw new Error(
    `The local cloud does not know ${names}. It can neither run these resources nor leave them out. Synthesize the app without them.`,
  );
}

function assetFolder({ logicalId, properties }: StackResource, assets: ReadonlyMap<string, string>): string {
  const { S3Key: key } = (properties.Code ?? {}) as { S3Key?: string };
  const folder = assets.get(key ?? '');
  if (folder) return folder;
  throw new Error(`${logicalId}.Properties.Code: the assets manifest has no "${key}". Run \`npx cdk synth\` again.`);
}

function outputs(
  { template }: LoadedTemplate,
  scope: StackScope,
  resources: readonly StackResource[],
  apiUrl: string | undefined,
): Record<string, Json> {
  const apiIds = apiIdsOf(resources);
  const toLocalUrl = (value: Json) =>
    typeof value === 'string' && apiUrl !== undefined ? localizeInvokeUrls(value, apiIds, apiUrl) : value;
  return Object.fromEntries(
    Object.entries(template.Outputs ?? {})
      .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
      .map(([key, { Value }]) => [key, toLocalUrl(resolveValue(Value, `Outputs.${key}`, scope) ?? null)]),
  );
}

const apiIdsOf = (resources: readonly StackResource[]): ReadonlySet<string> =>
  new Set(resources.filter(({ type }) => type === 'AWS::ApiGateway::RestApi').map(({ ref }) => ref));

/** The stage is dropped with the host: the local API serves its one stage at the root. */
function localizeInvokeUrls(value: string, apiIds: ReadonlySet<string>, apiUrl: string): string {
  return value.replace(/https:\/\/(\w+)\.execute-api\.[\w.-]+\/[\w-]+/g, (url, apiId: string) =>
    apiIds.has(apiId) ? apiUrl.replace(/\/$/, '') : url,
  );
}

/** Answers what the intrinsic functions ask, and resolves each resource once. */
class StackScope implements Scope {
  readonly #pseudoParameters: Readonly<Record<string, Json | undefined>>;
  readonly #resources = new Map<string, StackResource>();
  readonly #namings = new Map<string, Naming>();
  readonly #underway = new Set<string>();

  constructor(
    private readonly loaded: LoadedTemplate,
    private readonly options: ResolveOptions,
  ) {
    this.#pseudoParameters = {
      'AWS::AccountId': LOCAL_ACCOUNT,
      'AWS::NoValue': undefined,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': LOCAL_REGION,
      'AWS::StackId': localArn('cloudformation', `stack/${loaded.stackName}/local`),
      'AWS::StackName': loaded.stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
  }

  resource(logicalId: string): StackResource {
    const known = this.#resources.get(logicalId);
    if (known) return known;
    const { naming, type, typeName } = this.#row(logicalId);
    const attributes = Object.entries(type.attributes ?? {}).map(([key, spell]) => [key, spell(naming)]);
    const resource: StackResource = {
      logicalId,
      type: typeName,
      name: naming.name,
      ref: this.#refOf(logicalId),
      attributes: Object.fromEntries(attributes),
      properties: this.#resolveProperties(logicalId),
    };
    this.#resources.set(logicalId, resource);
    return resource;
  }

  ref(name: string): Json | undefined {
    if (Object.hasOwn(this.#pseudoParameters, name)) return this.#pseudoParameters[name];
    const parameter = this.loaded.template.Parameters?.[name];
    if (!parameter) return this.#refOf(name);
    if (parameter.Default === undefined) throw new Error(`parameter ${name} has no default.`);
    return parameter.Default;
  }

  getAtt(logicalId: string, attribute: string): Json {
    const { naming, type, typeName } = this.#row(logicalId);
    const spell = type.attributes?.[attribute];
    if (spell) return spell(naming);
    const known = Object.keys(type.attributes ?? {}).join(', ') || 'none';
    throw new Error(`the local cloud knows no attribute ${attribute} of ${logicalId} (${typeName}; known: ${known}).`);
  }

  condition(name: string): boolean {
    const condition = this.loaded.template.Conditions?.[name];
    if (condition === undefined) throw new Error(`there is no condition ${name}.`);
    return resolveValue(condition, `Conditions.${name}`, this) === true;
  }

  findInMap(mapName: string, topLevelKey: string, secondLevelKey: string): Json {
    const value = this.loaded.template.Mappings?.[mapName]?.[topLevelKey]?.[secondLevelKey];
    if (value === undefined) throw new Error(`mapping ${mapName} has no ${topLevelKey}.${secondLevelKey}.`);
    return value;
  }

  #refOf(logicalId: string): string {
    const { naming, type } = this.#row(logicalId);
    return type.ref ? type.ref(naming) : naming.name;
  }

  #row(logicalId: string): { naming: Naming; type: ResourceType; typeName: string } {
    const resource = this.loaded.template.Resources[logicalId];
    if (!resource) throw new Error(`there is no resource, parameter or pseudo parameter ${logicalId}.`);
    const type = RESOURCE_TYPES[resource.Type];
    if (!type) throw new Error(`the local cloud does not know ${resource.Type} (${logicalId}).`);
    return { naming: this.#naming(logicalId, resource, type), type, typeName: resource.Type };
  }

  #naming(logicalId: string, resource: TemplateResource, type: ResourceType): Naming {
    const known = this.#namings.get(logicalId);
    if (known) return known;
    if (this.#underway.has(logicalId)) throw new Error(`the name of ${logicalId} refers to itself.`);
    this.#underway.add(logicalId);
    const property = (name: string): string => {
      const value = resolveValue(resource.Properties?.[name], `${logicalId}.Properties.${name}`, this);
      return value === undefined ? '' : String(value);
    };
    const { stackName } = this.loaded;
    const wish = `${stackName}-${logicalId}`;
    const explicit = type.nameProperty === undefined ? '' : property(type.nameProperty);
    const naming: Naming = {
      name: explicit || (type.generatedName?.(wish) ?? wish),
      stackName,
      logicalId,
      property,
      endpoint: this.options.endpoint.replace(/\/$/, ''),
    };
    this.#underway.delete(logicalId);
    this.#namings.set(logicalId, naming);
    return naming;
  }

  #resolveProperties(logicalId: string): Record<string, Json> {
    const properties = this.loaded.template.Resources[logicalId]?.Properties ?? {};
    return resolveValue({ ...properties }, `${logicalId}.Properties`, this) as Record<string, Json>;
  }
}
