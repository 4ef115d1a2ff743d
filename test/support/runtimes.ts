/** The runtimes of the providers, and functions that are made with them, in the test's own process. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { BUILT_IN } from '../../providers';
import { runtime as livekit } from '../../providers/livekit/runtime';
import { runtime as realtimekit } from '../../providers/realtimekit/runtime';
import { runtime as recall } from '../../providers/recall/runtime';
import type { ProviderRuntime } from '../../providers/runtime';
import { runtime as zoom } from '../../providers/zoom/runtime';
import { lambdaContext } from './aws-in-process';
import type { Consumer } from './messages';

export const RUNTIMES = { recall, realtimekit, zoom, livekit } as const;

/** What a consumer is made with. */
export const runtimesByName: ReadonlyMap<string, ProviderRuntime> = new Map(Object.entries<ProviderRuntime>(RUNTIMES));

export type Verifier = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/**
 * A verifier that has just started, for the requests of one route. It reads its environment now.
 *
 * @param settings those of its provider
 */
export async function newVerifier<Name extends keyof typeof RUNTIMES>(
  name: Name,
  route: string,
  { options = {} }: { readonly options?: object } = {},
): Promise<Verifier> {
  const { createVerifier } = await import('../../lambdas/ingest/verifier');
  const provider = BUILT_IN[name]();
  const handler = createVerifier({
    name,
    runtime: RUNTIMES[name],
    options: { ...provider.options, ...options },
    secretName: provider.secret?.name,
  });
  return (event, context) => handler({ ...event, resource: `/${route}` }, context);
}

/** What a verifier answers. `status` is the word in the body. */
export async function answerOf(verifier: Verifier, event: APIGatewayProxyEvent, context = lambdaContext()) {
  const { statusCode, body, headers } = await verifier(event, context);
  return { statusCode, status: JSON.parse(body).status as string, headers };
}

/** A consumer that has just started. It reads its environment now. */
export async function newConsumer(): Promise<Consumer> {
  const { createConsumer } = await import('../../lambdas/publish/consumer');
  return createConsumer(runtimesByName);
}
