/** The shape of the console's API: a table of routes, each with a path, who may call it, and what answers. */
import type { Deployment, DeploymentFlags } from '../deployment';

/** What every route works on. */
export interface ConsoleContext {
  readonly deployment: Deployment;
  /** The options that chose the deployment, for messages and for modules of commands. */
  readonly flags: DeploymentFlags;
  /** Whether routes that change something may be called: always in the local cloud, on AWS only with `--allow-changes`. */
  readonly allowsChanges: boolean;
  /** Aborted when the console ends: routes that keep something open close it. */
  readonly ended: AbortSignal;
}

/** A request of the page, checked and read. */
export interface ConsoleRequest {
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The JSON of the body; undefined for a GET. */
  readonly body: unknown;
  /** Aborted when the page no longer waits, or the console ends. */
  readonly signal: AbortSignal;
}

/**
 * Answers a request: with a value, sent as JSON, or with an async iterable, whose values are sent as server-sent events.
 *
 * @throws UsageError, or ZodError, for wrong input (400); any other error is a failure of AWS or the network (502)
 */
export type Answer = (
  context: ConsoleContext,
  request: ConsoleRequest,
) => Promise<unknown> | AsyncIterable<unknown> | object;

/** One route. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Under the key, such as `/api/events/:id`. */
  readonly path: string;
  readonly needs: 'nothing' | 'changes' | 'local';
  readonly answer: Answer;
}

/** A route that only reads. */
export const read = (path: string, answer: Answer): Route => ({ method: 'GET', path, needs: 'nothing', answer });

/** A route that takes input, and changes nothing. */
export const ask = (path: string, answer: Answer): Route => ({ method: 'POST', path, needs: 'nothing', answer });

/** A route that changes something. On AWS it is closed without `--allow-changes`. */
export const change = (path: string, answer: Answer): Route => ({ method: 'POST', path, needs: 'changes', answer });

/** A route that exists in the local cloud only. */
export const local = (path: string, answer: Answer, method: Route['method'] = 'POST'): Route => ({
  method,
  path,
  needs: 'local',
  answer,
});

/** The route of a request and the named parts of its path; undefined if there is none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = pattern.exec(path);
    if (match) return { route, params: decoded(match.groups ?? {}) };
  }
  return undefined;
}

const decoded = (groups: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodedPart(value)]));

/** A part with a broken escape stays as it is: nothing has that name. */
function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
