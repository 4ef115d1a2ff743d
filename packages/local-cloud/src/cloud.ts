/** The local cloud: runs a synthesized template, with the bundled functions, on this machine alone. */

import { join } from 'node:path';
import { createSecrets, KEY_URL_VARIABLE, type SecretNames, startKeyServer } from '../../../bin/local/stand-ins';
import type { proxyEvent } from './api-gateway/proxy-event';
import { readRestApi } from './api-gateway/rest-api';
import { type ApiGateway, startApiGateway } from './api-gateway/server';
import { createBuses } from './buses';
import { type Closer, closeAll } from './closers';
import { Telemetry } from './cloudwatch/telemetry';
import { answerSchedulesRequest } from './eventbridge/control';
import type { EventBridge } from './eventbridge/event-bridge';
import { createEventBridgeService } from './eventbridge/eventbridge-service';
import type { DeliveryReport } from './eventbridge/types';
import { type FaultStatus, Faults, type InjectedFault } from './faults/faults';
import { type FrontDoor, startFrontDoor } from './front-door';
import { createFunctions, startMappings } from './functions';
import type { GrantReport } from './iam/grants';
import { Permissions } from './iam/permissions';
import type { LambdaFunction } from './lambda/lambda-function';
import { createLambdaService, USUAL_CONCURRENCY } from './lambda/lambda-service';
import { Buckets, createS3Service } from './s3/s3-service';
import { SecretStore } from './secrets-manager/secret-store';
import { createSecretsManagerService } from './secrets-manager/secrets-manager-service';
import type { AwsService } from './service';
import { DataFolder } from './snapshot/data-folder';
import type { State } from './snapshot/section';
import { restoreSecrets, restoreSnapshot, type Snapshot } from './snapshot/snapshot';
import { createStores, type Stores } from './stores';
import { createStsService } from './sts/sts-service';
import { loadTemplate, loadTemplates } from './template/assembly';
import { combineStacks } from './template/combine';
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
  | ({ readonly kind: 'fault' } & InjectedFault)
  | { readonly kind: 'trouble'; readonly message: string };

export interface LocalCloudOptions {
  /** Folder that `cdk synth` has written. */
  readonly cdkOut: string;
  readonly stackName: string;
  /** Folders that `cdk synth` of other apps has written: all their stacks run beside it, in the same account and region. */
  readonly with?: readonly string[] | undefined;
  /** Port of the HTTP API on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Port of the AWS endpoint on 127.0.0.1; 0 takes a free one. */
  readonly awsPort: number;
  /** Where RealtimeKit's public key is; without it the local cloud makes a key pair of its own and serves it. */
  readonly realtimekitKeyUrl?: string | undefined;
  /** The fault plan to begin with, `{ seed?, faults }`; none unless given. */
  readonly faults?: unknown;
  /** Copies of functions that the account may run at a time, as Lambda tells it; 1,000 unless given. */
  readonly accountConcurrency?: number | undefined;
  /** Folder of the snapshot: the state is read from there, and written there on {@link LocalCloud.close}. */
  readonly data?: string | undefined;
  readonly onStep: (step: Step) => void;
}

/** A running local cloud. */
export interface LocalCloud {
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly realtimekitKeyUrl: string;
  /** Names of the secrets with made-up values, by provider. */
  readonly secretNames: SecretNames;
  /** The stack's outputs, in the shape of `cdk deploy --outputs-file`. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Kinds of resources that the template holds and that do not run here, such as `Dashboard`. */
  readonly passedOver: readonly string[];
  /** The fault plan that applies now, and what it has injected. */
  faults(): FaultStatus;
  /** Every permission that the template grants, with how often it was used so far. */
  grants(): GrantReport;
  /**
   * Ends everything, child processes included, and writes the snapshot.
   *
   * @throws Error that says what could not be ended or written; all else has ended then too
   */
  close(): Promise<void>;
}

/**
 * Starts everything; when it resolves, all is ready to take traffic.
 *
 * @throws Error when a port is taken, when the template holds something that the local cloud cannot run, or when the
 *   fault plan or the snapshot cannot be read
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const buckets = new Buckets();
  const s3 = createS3Service(buckets);
  const services: AwsService[] = [];
  const faults = new Faults({
    services: () => [...services, s3],
    functionNamed: (name) => parts.functions?.get(name),
    onFault: (fault) => options.onStep({ kind: 'fault', ...fault }),
  });
  const parts: Parts = { services, buckets, faults, closers: [() => buckets.close()] };
  const door = await startFrontDoor({
    port: options.awsPort,
    services,
    s3,
    authorize: (...call) => tellDenial(options, () => parts.permissions?.authorizeCall(...call)),
    faults,
    onSchedules: async (method) => parts.state && answerSchedulesRequest(parts.state.eventBridge, method),
    onCall: (report) => parts.telemetry?.call(report),
  });
  // What was started is ended in reverse, also when a later part fails to start.
  parts.closers.push(() => door.close());
  const close = () => closeAll(parts.closers);
  try {
    const started = await startParts(options, door, parts);
    return { ...started, awsUrl: door.url, faults: () => faults.status(), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

/** What the front door looks at, and what comes to be only once its URL is known. */
interface Parts {
  readonly services: AwsService[];
  readonly buckets: Buckets;
  readonly faults: Faults;
  readonly closers: Closer[];
  permissions?: Permissions;
  functions?: Functions;
  telemetry?: Telemetry;
  /** What a snapshot is made of; absent until all has started, so that a failed start overwrites none. */
  state?: State;
}

/** What the steps of a start build on. */
interface Base {
  readonly options: LocalCloudOptions;
  readonly endpoint: string;
  readonly stack: ResolvedStack;
  readonly stores: Stores;
  readonly permissions: Permissions;
  readonly telemetry: Telemetry;
  readonly faults: Faults;
  /** What each step adds to end what it has started. */
  readonly closers: Parts['closers'];
}

type Functions = ReadonlyMap<string, LambdaFunction>;

async function startParts(options: LocalCloudOptions, { url: endpoint }: FrontDoor, parts: Parts) {
  const { services, buckets, faults, closers } = parts;
  const data = options.data === undefined ? undefined : openData(options.data, options, closers);
  const snapshot: Snapshot = (await data?.read()) ?? new Map();
  const stack = loadStack(options, endpoint);
  const secrets = new SecretStore();
  await restoreSecrets({ secrets }, snapshot);
  const secretNames = createSecrets(stack, secrets);
  const realtimekitKeyUrl = options.realtimekitKeyUrl ?? (await startKeyServerOf(secrets, closers));
  const stores = await createStores(stack, endpoint, buckets);
  closers.push(stores.close);
  closers.push(() => parts.state && data?.save(parts.state));
  const permissions = new Permissions(stack, { queues: stores.queues, secrets, buckets });
  parts.permissions = permissions;
  const telemetry = new Telemetry(stack, stores.queues);
  parts.telemetry = telemetry;
  closers.push(() => telemetry.close());

  const base: Base = { options, endpoint, stack, stores, permissions, telemetry, faults, closers };
  const functions = startFunctions(base, realtimekitKeyUrl);
  parts.functions = functions;
  const eventBridge = startEventBridge(base, functions);
  services.push(...telemetry.services, ...stores.services);
  services.push(createEventBridgeService(eventBridge), createSecretsManagerService(secrets));
  services.push(createStsService(permissions));
  services.push(createLambdaService(stack, options.accountConcurrency ?? USUAL_CONCURRENCY));
  const state: State = { stack, queues: stores.queues, dynamoDb: stores.dynamoDb, buckets, secrets, eventBridge };
  await restore(options, state, snapshot);
  if (options.faults !== undefined) faults.replace(options.faults);
  startPolling(base, functions);
  const api = await startApi(base, functions);
  closers.push(() => faults.stop());
  parts.state = state;
  eventBridge.startSchedules();
  const outputs = stack.resolveOutputs({ apiUrl: api.url });
  const passedOver = [...new Set(stack.passedOver.map(({ type }) => type.split('::').at(-1) ?? ''))].sort();
  return { apiUrl: api.url, realtimekitKeyUrl, secretNames, outputs, passedOver, grants: () => permissions.report() };
}

function openData(path: string, { onStep }: LocalCloudOptions, closers: Base['closers']): DataFolder {
  const data = new DataFolder(path);
  closers.push(() => data.close());
  if (data.warning !== undefined) onStep({ kind: 'trouble', message: data.warning });
  return data;
}

/** The stack, and all stacks beside it, as one. */
function loadStack({ cdkOut, stackName, with: others = [] }: LocalCloudOptions, endpoint: string): ResolvedStack {
  const templates = [loadTemplate(cdkOut, stackName), ...others.flatMap(loadTemplates)];
  return combineStacks(templates.map((template) => resolveTemplate(template, { endpoint })));
}

async function startKeyServerOf(secrets: SecretStore, closers: Base['closers']): Promise<string> {
  const keyServer = await startKeyServer(secrets);
  closers.push(keyServer.close);
  return keyServer.url;
}

function startFunctions({ options, endpoint, stack, telemetry, closers }: Base, realtimekitKeyUrl: string): Functions {
  const functions = createFunctions(stack, {
    endpoint,
    overrides: { [KEY_URL_VARIABLE]: realtimekitKeyUrl },
    onLog: (functionName, line) => {
      telemetry.log(functionName, line);
      options.onStep({ kind: 'log', functionName, line });
    },
    onInvoked: (report) => telemetry.invocation(report),
  });
  closers.push(() => Promise.all([...functions.values()].map((one) => one.close())));
  return functions;
}

function startEventBridge(base: Base, functions: Functions): EventBridge {
  const { stack, stores, permissions, telemetry, closers } = base;
  const { data, onStep } = base.options;
  const eventBridge = createBuses(stack, {
    queues: stores.queues,
    functionByArn: byArn(stack, functions),
    archiveFolder: data && join(data, 'archives'),
    onTrouble: (message) => onStep({ kind: 'trouble', message }),
    authorize: (delivery) => permissions.authorizeDelivery(delivery),
    onEvent: (bus, type, detail) => onStep({ kind: 'event', bus, type, detail }),
    onMatch: (rule) => telemetry.match(rule),
    onDelivery: (report) => {
      telemetry.delivery(report);
      if (report.status !== 'delivered') onStep({ kind: 'trouble', message: describeReport(report) });
    },
    toLogGroup: (delivery) => telemetry.event(delivery),
  });
  closers.push(() => eventBridge.close());
  return eventBridge;
}

async function restore({ onStep }: LocalCloudOptions, state: State, snapshot: Snapshot): Promise<void> {
  for (const leftOut of await restoreSnapshot(state, snapshot)) {
    onStep({ kind: 'trouble', message: `The template no longer has what they belong to, so left out: ${leftOut}.` });
  }
}

function startPolling({ options, stack, stores, permissions, faults, closers }: Base, functions: Functions): void {
  const mappings = startMappings(stack, {
    functions,
    queues: stores.queues,
    authorize: (...poll) => permissions.authorizePolling(...poll),
    faults,
    onBatch: (queue, messages) => options.onStep({ kind: 'batch', queue, messages }),
    onError: (message) => options.onStep({ kind: 'trouble', message }),
  });
  closers.push(() => Promise.all(mappings.map((mapping) => mapping.stop())));
}

async function startApi(base: Base, functions: Functions): Promise<ApiGateway> {
  const { options, stack, permissions, telemetry, closers } = base;
  const api = await startApiGateway({
    port: options.port,
    restApi: readRestApi(stack),
    invoke: async (name, event, { traceId }) => {
      const verifier = functions.get(name);
      if (!verifier) throw new Error(`The API names a function ${name} that is not part of the stack.`);
      tellDenial(options, () => permissions.authorizeInvoke(name, methodOf(event as ProxyEvent)));
      return verifier.invoke(event, { traceId });
    },
    onRequest: (request) => options.onStep({ kind: 'request', ...request }),
    onAccess: (access) => telemetry.request(access),
  });
  closers.push(() => api.close());
  return api;
}

/** Shows a denial to whoever watches: the program that is denied may keep it to itself. */
function tellDenial({ onStep }: LocalCloudOptions, check: () => void): void {
  try {
    check();
  } catch (error) {
    onStep({ kind: 'trouble', message: (error as Error).message });
    throw error;
  }
}

type ProxyEvent = ReturnType<typeof proxyEvent>;

/** The method by which a request came, as permissions spell it: `<API id>/<stage>/POST/calls`. */
const methodOf = ({ requestContext: { apiId, stage, httpMethod, resourcePath } }: ProxyEvent): string =>
  `${apiId}/${stage}/${httpMethod}${resourcePath}`;

const byArn = (stack: ResolvedStack, functions: Functions) => {
  const names = new Map(stack.ofType('AWS::Lambda::Function').map(({ name, attributes }) => [attributes.Arn, name]));
  return (arn: string) => functions.get(names.get(arn) ?? '');
};

/** What became of an event that a target did not take, in a line. */
function describeReport(report: DeliveryReport): string {
  if (report.status === 'no_such_bus') return `There is no bus ${report.busName}: the event was dropped.`;
  const { status, rule, targetArn, error } = report;
  return `Rule ${rule.name}: ${status} for ${targetArn}${error ? ` (${error.code}: ${error.message})` : ''}`;
}
