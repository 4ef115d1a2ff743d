/** The local cloud: runs a synthesized template, with the bundled functions, on this machine alone. */

import { readRestApi } from './api-gateway/rest-api';
import { startApiGateway } from './api-gateway/server';
import { createBuses } from './buses';
import { createEventBridgeService } from './eventbridge/eventbridge-service';
import type { DeliveryReport } from './eventbridge/types';
import { type FrontDoor, startFrontDoor } from './front-door';
import { createFunctions, startMappings } from './functions';
import type { LambdaFunction } from './lambda/lambda-function';
import { Buckets, createS3Service } from './s3/s3-service';
import { SecretStore } from './secrets-manager/secret-store';
import { createSecretsManagerService } from './secrets-manager/secrets-manager-service';
import type { AwsService } from './service';
import { createSecrets, KEY_URL_VARIABLE, startKeyServer } from './stand-ins';
import { createStores } from './stores';
import { loadTemplate } from './template/assembly';
import { type ResolvedStack, resolveTemplate } from './template/stack';

/** One step of a delivery or an event on its way, for whoever watches. */
export type Step =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly milliseconds: number;
    }
  | { readonly kind: 'batch'; readonly queue: string; readonly messages: number }
  | { readonly kind: 'event'; readonly bus: string; readonly type: string; readonly detail: string }
  | { readonly kind: 'log'; readonly functionName: string; readonly line: string }
  | { readonly kind: 'trouble'; readonly message: string };

export interface LocalCloudOptions {
  /** Folder that `cdk synth` has written. */
  readonly cdkOut: string;
  readonly stackName: string;
  /** Port of the HTTP API on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Port of the AWS endpoint on 127.0.0.1; 0 takes a free one. */
  readonly awsPort: number;
  /** Where RealtimeKit's public key is; without it the local cloud makes a key pair of its own and serves it. */
  readonly realtimekitKeyUrl?: string | undefined;
  readonly onStep: (step: Step) => void;
}

/** A running local cloud. */
export interface LocalCloud {
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly realtimekitKeyUrl: string;
  /** Names of the secrets with made-up values. */
  readonly secretNames: readonly string[];
  /** The stack's outputs, in the shape of `cdk deploy --outputs-file`. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Ends everything, child processes included. */
  close(): Promise<void>;
}

/**
 * Starts everything; when it resolves, all is ready to take traffic.
 *
 * @throws Error when a port is taken, or the template holds something that the local cloud cannot run
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const services: AwsService[] = [];
  const buckets = new Buckets();
  const door = await startFrontDoor({ port: options.awsPort, services, s3: createS3Service(buckets) });
  // What was started is ended in reverse, also when a later part fails to start.
  const closers: (() => unknown)[] = [() => door.close()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const parts = { door, services, buckets, closers };
    return { ...(await startParts(options, parts)), awsUrl: door.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly door: FrontDoor;
  readonly services: AwsService[];
  readonly buckets: Buckets;
  readonly closers: (() => unknown)[];
}

async function startParts(options: LocalCloudOptions, { door, services, buckets, closers }: Parts) {
  const { onStep } = options;
  const stack = resolveTemplate(loadTemplate(options.cdkOut, options.stackName), { endpoint: door.url });
  const secrets = new SecretStore();
  const secretNames = createSecrets(stack, secrets);
  const keyServer = options.realtimekitKeyUrl === undefined ? await startKeyServer(secrets) : undefined;
  if (keyServer) closers.push(keyServer.close);
  const realtimekitKeyUrl = options.realtimekitKeyUrl ?? keyServer?.url ?? '';

  const stores = await createStores(stack, door.url, buckets);
  closers.push(stores.close);
  const functions = createFunctions(stack, {
    endpoint: door.url,
    overrides: { [KEY_URL_VARIABLE]: realtimekitKeyUrl },
    onLog: (functionName, line) => onStep({ kind: 'log', functionName, line }),
  });
  closers.push(() => Promise.all([...functions.values()].map((one) => one.close())));
  const eventBridge = createBuses(stack, {
    queues: stores.queues,
    functionByArn: byArn(stack, functions),
    onEvent: (bus, type, detail) => onStep({ kind: 'event', bus, type, detail }),
    onTrouble: (report) => onStep({ kind: 'trouble', message: describeReport(report) }),
  });
  services.push(...stores.services, createEventBridgeService(eventBridge), createSecretsManagerService(secrets));
  closers.push(() => eventBridge.close());
  const mappings = startMappings(stack, {
    functions,
    queues: stores.queues,
    onBatch: (queue, messages) => onStep({ kind: 'batch', queue, messages }),
    onError: (message) => onStep({ kind: 'trouble', message }),
  });
  closers.push(() => Promise.all(mappings.map((mapping) => mapping.stop())));
  const api = await startApiGateway({
    port: options.port,
    restApi: readRestApi(stack),
    invoke: async (name, event, { traceId }) => {
      const verifier = functions.get(name);
      if (!verifier) throw new Error(`The API names a function ${name} that is not part of the stack.`);
      return verifier.invoke(event, { traceId });
    },
    onRequest: (request) => onStep({ kind: 'request', ...request }),
  });
  closers.push(() => api.close());
  const outputs = stack.resolveOutputs({ apiUrl: api.url });
  return { apiUrl: api.url, realtimekitKeyUrl, secretNames, outputs };
}

const byArn = (stack: ResolvedStack, functions: ReadonlyMap<string, LambdaFunction>) => {
  const names = new Map(stack.ofType('AWS::Lambda::Function').map(({ name, attributes }) => [attributes.Arn, name]));
  return (arn: string) => functions.get(names.get(arn) ?? '');
};

/** What became of an event that a target did not take, in a line. */
function describeReport(report: DeliveryReport): string {
  if (report.status === 'no_such_bus') return `There is no bus ${report.busName}: the event was dropped.`;
  const { status, rule, targetArn, error } = report;
  return `Rule ${rule.name}: ${status} for ${targetArn}${error ? ` (${error.code}: ${error.message})` : ''}`;
}
