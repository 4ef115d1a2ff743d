import type { ResolvedStack, StackResource } from '../template/stack';
import { checkGatewayResponse, type GatewayResponse, type GatewayResponses } from './gateway-responses';

/** A method of a resource and the function behind it. */
export interface Route {
  /** The resource's path, such as `/orders/{id}`; a segment in braces matches any. */
  readonly resourcePath: string;
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly functionName: string;
  readonly timeoutMs: number;
}

/** A REST API as the local cloud serves it. */
export interface RestApi {
  readonly id: string;
  readonly stage: string;
  readonly deploymentId: string;
  /** Media types whose bodies a function gets in base64. */
  readonly binaryMediaTypes: readonly string[];
  readonly routes: readonly Route[];
  readonly gatewayResponses: GatewayResponses;
}

interface MethodProperties {
  HttpMethod: string;
  ResourceId: string;
  Integration?: { Type?: string; Uri?: string; TimeoutInMillis?: number };
}

/** API Gateway's own limit and default. */
const DEFAULT_INTEGRATION_TIMEOUT_MS = 29_000;

/**
 * Reads the REST API of a stack with its one stage.
 *
 * @returns undefined when the stack has no API
 * @throws Error when there are several APIs or not exactly one stage, the stage has variables, or a method has a greedy
 * path (`{name+}`), is ANY, or has an integration that is not a Lambda proxy
 */
export function readRestApi(stack: ResolvedStack): RestApi | undefined {
  if (stack.ofType('AWS::ApiGateway::RestApi').length === 0) return undefined;
  const api = onlyOne(stack, 'AWS::ApiGateway::RestApi');
  const stage = onlyOne(stack, 'AWS::ApiGateway::Stage');
  if (stage.properties.Variables) throw new Error(`${stage.logicalId}: the local cloud knows no stage variables.`);
  const paths = resourcePaths(stack, api);
  return {
    id: api.ref,
    stage: stage.ref,
    deploymentId: String(stage.properties.DeploymentId),
    binaryMediaTypes: (api.properties.BinaryMediaTypes as string[] | undefined) ?? [],
    routes: stack.ofType('AWS::ApiGateway::Method').map((method) => readRoute(method, paths)),
    gatewayResponses: readGatewayResponses(stack),
  };
}

function onlyOne(stack: ResolvedStack, type: string): StackResource {
  const found = stack.ofType(type);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`The local cloud serves one ${type}; stack ${stack.stackName} has ${found.length}.`);
}

/** Full path of each resource by its id. */
function resourcePaths(stack: ResolvedStack, api: StackResource): ReadonlyMap<string, string> {
  const root = api.attributes.RootResourceId ?? '';
  const resources = new Map(stack.ofType('AWS::ApiGateway::Resource').map(({ ref, properties }) => [ref, properties]));
  const pathOf = (id: string): string => {
    if (id === root) return '';
    const { ParentId, PathPart } = resources.get(id) ?? {};
    return `${pathOf(String(ParentId ?? root))}/${PathPart}`;
  };
  return new Map([[root, '/'], ...[...resources.keys()].map((id) => [id, pathOf(id)] as const)]);
}

function readRoute({ logicalId, properties }: StackResource, paths: ReadonlyMap<string, string>): Route {
  const {
    HttpMethod: httpMethod,
    ResourceId: resourceId,
    Integration: integration = {},
  } = properties as unknown as MethodProperties;
  const functionName = integration.Uri?.match(/:function:([\w-]+)\/invocations$/)?.[1];
  if (integration.Type !== 'AWS_PROXY' || !functionName) {
    throw new Error(
      `${logicalId}: the local cloud runs Lambda proxy integrations (AWS_PROXY) only, not ${integration.Type}.`,
    );
  }
  const resourcePath = paths.get(resourceId) ?? '/';
  if (httpMethod === 'ANY' || resourcePath.includes('+}')) {
    throw new Error(
      `${logicalId}: the local cloud serves one method of a path without {name+}, not ${httpMethod} ${resourcePath}.`,
    );
  }
  return {
    resourcePath,
    resourceId,
    httpMethod,
    functionName,
    timeoutMs: integration.TimeoutInMillis ?? DEFAULT_INTEGRATION_TIMEOUT_MS,
  };
}

function readGatewayResponses(stack: ResolvedStack): GatewayResponses {
  return Object.fromEntries(
    stack.ofType('AWS::ApiGateway::GatewayResponse').map(({ logicalId, properties }) => {
      checkGatewayResponse(logicalId, properties as GatewayResponse);
      return [String(properties.ResponseType), properties as GatewayResponse];
    }),
  );
}

/** A route that a request has found, and the segments of its path that stand in braces there, by name. */
export interface MatchedRoute {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Finds the route of a request: one that names a segment goes before one that takes any.
 *
 * @param path path without query string; a slash at its end makes no difference
 */
export function matchRoute(routes: readonly Route[], httpMethod: string, path: string): MatchedRoute | undefined {
  const wanted = segmentsOf(path);
  const matches = routes.flatMap((route) => {
    if (route.httpMethod !== httpMethod) return [];
    const parameters = parametersOf(segmentsOf(route.resourcePath), wanted);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
  const [best] = matches.sort((a, b) => a.parameters.length - b.parameters.length);
  if (best === undefined) return undefined;
  const { route, parameters } = best;
  return { route, pathParameters: parameters.length === 0 ? null : Object.fromEntries(parameters) };
}

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** Names and values of the segments in braces; undefined where the path is another. */
function parametersOf(pattern: readonly string[], segments: readonly string[]): [string, string][] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] as string;
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined) parameters.push([name, decoded(segment)]);
    else if (part !== segment) return undefined;
  }
  return parameters;
}

/** A segment without percent signs, as API Gateway hands it over; as it came where they mean nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
