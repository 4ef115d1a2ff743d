/** What is wrong with the definitions of providers. The constructs refuse them, and the conformance suite reports them. */
import { FAMILIES } from '@meetbus/events';
import type { Provider } from './provider';

/** Names of providers. */
export const PROVIDER_NAME = /^[a-z][a-z0-9-]{0,31}$/;

const PATH = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;
const ID = /^[A-Z][A-Za-z0-9]*$/;

/** Constructs beside the functions of the routes. */
const OTHER_IDS: readonly string[] = ['Api', 'AccessLogs', 'Firewall'];

/** What makes a provider impossible to deploy; undefined if nothing does. */
export function definitionFaultOf({ name, routes, families }: Provider): string | undefined {
  if (!PROVIDER_NAME.test(name)) {
    return `A provider cannot be named "${name}": use a-z, 0-9 and -, at most 32 characters.`;
  }
  const other = families.find((family) => !FAMILIES.includes(family));
  if (other !== undefined) return `families of ${name} has ${other}, which is not a family.`;
  if (!families.includes('unrecognized')) {
    return `families of ${name} lacks unrecognized, where what is not understood goes.`;
  }
  return firstOf(routes.map((route) => routeFaultOf(name, route))) ?? repeatedRouteIn(routes);
}

function routeFaultOf(name: string, { path, id }: Provider['routes'][number]): string | undefined {
  if (!PATH.test(path)) {
    return `The path of a route must be lower-case segments without a slash at its ends: "${path}" is not.`;
  }
  if (!path.startsWith(`${name}/`)) {
    return `The path of a route must begin with the provider's name, ${name}/: "${path}" does not.`;
  }
  if (!ID.test(id)) return `The id of a route must be in PascalCase: "${id}" is not.`;
  return OTHER_IDS.includes(id) ? `A route cannot have the id ${id}: Meetbus has a construct of that id.` : undefined;
}

/** A path or an id that two of these routes share; undefined if none do. */
export function repeatedRouteIn(routes: Provider['routes']): string | undefined {
  const path = repeatedIn(routes.map((route) => route.path));
  if (path !== undefined) return `The path ${path} is there twice.`;
  const id = repeatedIn(routes.map((route) => route.id));
  return id === undefined ? undefined : `The id ${id} is there twice.`;
}

const firstOf = (faults: readonly (string | undefined)[]): string | undefined =>
  faults.find((fault) => fault !== undefined);

const repeatedIn = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);
