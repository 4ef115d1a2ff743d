import type { ResolvedStack, StackResource } from '../template/stack';
import { checkGatewayResponse, type GatewayResponse, type GatewayResponses } from './gateway-responses';

/** A method of a resource and the function behind it. */
export interface Route {
  /** The resource's path, such as `/calls/{id}` or `/{proxy+}`. */
  readonly resourcePath: string;
  readonly resourceId: string;
  /** `POST` and so on, or `ANY`. */
  readonly httpMethod: string;
  readonly functionName: string;
  readonly timeoutMs: number;
}

/** A REST API as the local cloud serves it. */
export interface RestApi {
  readonly id: string;
  readonly stage: string;
  readonly deploymentId: string;
  readonly stageVariables: Readonly<Record<string, string>> | null;
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
 * @throws Error when there is not exactly one API with one stage, or a method has another integration than a Lambda proxy
 */
export function readRestApi(stack: ResolvedStack): RestApi {
  const api = onlyOne(stack, 'AWS::ApiGateway::RestApi');
  const stage = onlyOne(stack, 'AWS::ApiGateway::Stage');
  const paths = resourcePaths(stack, api);
  return {
    id: api.ref,
    stage: stage.ref,
    deploymentId: String(stage.properties.DeploymentId),
    stageVariables: (stage.properties.Variables as Record<string, string> | undefined) ?? null,
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
  return {
    resourcePath: paths.get(resourceId) ?? '/',
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

/** A route that answers a request, with the values of its path parameters. */
export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Finds the route of a request: fixed segments before `{parameters}`, these before `{proxy+}`; a method before `ANY`.
 *
 * @param path path without query string; a slash at its end makes no difference
 */
export function matchRoute(routes: readonly Route[], httpMethod: string, path: string): RouteMatch | undefined {
  const matches = routes
    .filter((route) => route.httpMethod === httpMethod || route.httpMethod === 'ANY')
    .flatMap((route) => {
      const values = matchPath(segmentsOf(route.resourcePath), segmentsOf(path));
      return values ? [{ route, pathParameters: Object.keys(values).length > 0 ? values : null }] : [];
    });
  return matches.sort((a, b) => rank(a.route).localeCompare(rank(b.route)))[0];
}

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

/** Sorts as routes are preferred: 0 for a fixed segment, 1 for a parameter, 2 for the rest of the path, 3 for `ANY`. */
function rank({ resourcePath, httpMethod }: Route): string {
  const segments = segmentsOf(resourcePath).map((segment) =>
    segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0',
  );
  return segments.join('') + (httpMethod === 'ANY' ? '3' : '');
}

function matchPath(pattern: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const given = actual[index];
    if (given === undefined) return undefined;
    if (segment.endsWith('+}')) {
      values[segment.slice(1, -2)] = decode(actual.slice(index).join('/'));
      return values;
    }
    if (segment.startsWith('{')) values[segment.slice(1, -1)] = decode(given);
    else if (segment !== given) return undefined;
  }
  return pattern.length === actual.length ? values : undefined;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
