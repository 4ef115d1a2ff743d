/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What an intrinsic function may ask of the stack. Each throws an Error when there is no such thing. */
export interface Scope {
  /** Value of `Ref`; `undefined` stands for `AWS::NoValue`. */
  ref(name: string): Json | undefined;
  getAtt(logicalId: string, attribute: string): Json;
  condition(name: string): boolean;
  findInMap(mapName: string, topLevelKey: string, secondLevelKey: string): Json;
}

type Intrinsic = (argument: Json, path: string, scope: Scope) => Json | undefined;

/** The intrinsic functions that CDK templates use. A template with another one fails, with its path. */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, path, scope) => scope.ref(text(argument, path)),
  'Fn::GetAtt': (argument, path, scope) => {
    const [logicalId = '', ...attribute] =
      typeof argument === 'string' ? argument.split('.') : list(argument, path).map((part) => text(part, path));
    return scope.getAtt(logicalId, attribute.join('.'));
  },
  'Fn::Join': (argument, path, scope) => {
    const [separator, parts] = list(argument, path);
    return resolvedList(parts, path, scope)
      .map((part) => text(part, path))
      .join(text(separator, path));
  },
  'Fn::Split': (argument, path, scope) => {
    const [separator, source] = resolvedList(argument, path, scope);
    return text(source, path).split(text(separator, path));
  },
  'Fn::Select': (argument, path, scope) => {
    const [index, from] = resolvedList(argument, path, scope);
    const selected = list(from, path)[Number(index)];
    if (selected === undefined) throw new Error(`${path}: there is no element ${index} to select.`);
    return selected;
  },
  'Fn::Sub': substitute,
  'Fn::FindInMap': (argument, path, scope) => {
    const [map, top, second] = resolvedList(argument, path, scope).map((part) => text(part, path));
    return scope.findInMap(map ?? '', top ?? '', second ?? '');
  },
  'Fn::If': (argument, path, scope) => {
    const [condition, whenTrue, whenFalse] = list(argument, path);
    return resolveValue(scope.condition(text(condition, path)) ? whenTrue : whenFalse, path, scope);
  },
  Condition: (argument, path, scope) => scope.condition(text(argument, path)),
  'Fn::Equals': (argument, path, scope) => {
    const [left, right] = resolvedList(argument, path, scope);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, path, scope) => resolvedList(argument, path, scope).every((value) => value === true),
  'Fn::Or': (argument, path, scope) => resolvedList(argument, path, scope).some((value) => value === true),
  'Fn::Not': (argument, path, scope) => resolvedList(argument, path, scope)[0] !== true,
};

/**
 * Resolves every intrinsic function in a template value.
 *
 * @param path where the value stands, such as `Queue.Properties.QueueName`; named in errors
 * @returns the plain value, `undefined` for `AWS::NoValue`; list and object members of `AWS::NoValue` are left out
 * @throws Error that starts with the path
 */
export function resolveValue(value: Json | undefined, path: string, scope: Scope): Json | undefined {
  if (Array.isArray(value)) return resolvedList(value, path, scope);
  if (typeof value === 'string') return refuseDynamicReference(value, path);
  if (value === null || typeof value !== 'object') return value;

  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && argument !== undefined) {
    const intrinsic = INTRINSICS[name];
    // IAM policies have a `Condition` of their own: an object, where the template's is the name of a condition.
    const isIntrinsic = intrinsic && !(name === 'Condition' && typeof argument !== 'string');
    if (isIntrinsic) return withPath(path, () => intrinsic(argument, path, scope));
    if (name.startsWith('Fn::')) throw new Error(`${path}: the local cloud does not know ${name}.`);
  }
  const resolved = entries.map(([key, member]) => [key, resolveValue(member, `${path}.${key}`, scope)] as const);
  return Object.fromEntries(resolved.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** `Fn::Sub`, as a string or as `[string, map]`. `${!Name}` stands for a literal `${Name}`. */
function substitute(argument: Json, path: string, scope: Scope): Json {
  const [template, variables = {}] = typeof argument === 'string' ? [argument] : list(argument, path);
  const values = resolveValue(variables, path, scope) as Record<string, Json>;
  return text(template, path).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, rawName: string) => {
    const name = rawName.trim();
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(values, name)) return text(values[name], path);
    const dot = name.indexOf('.');
    const value = dot < 0 ? scope.ref(name) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1));
    return text(value, path);
  });
}

function resolvedList(value: Json | undefined, path: string, scope: Scope): Json[] {
  const resolved = Array.isArray(value)
    ? value.map((member, index) => resolveValue(member, `${path}.${index}`, scope))
    : list(resolveValue(value, path, scope), path);
  return resolved.filter((member): member is Json => member !== undefined);
}

function list(value: Json | undefined, path: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${path}: expected a list, found ${JSON.stringify(value)}.`);
}

function text(value: Json | undefined, path: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${path}: expected a text, found ${JSON.stringify(value)}.`);
}

function refuseDynamicReference(value: string, path: string): string {
  if (!value.includes('{{resolve:')) return value;
  throw new Error(`${path}: the local cloud cannot look up the dynamic reference ${value}.`);
}

function withPath<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { message } = error as Error;
    throw message.startsWith(path) ? error : new Error(`${path}: ${message}`);
  }
}
