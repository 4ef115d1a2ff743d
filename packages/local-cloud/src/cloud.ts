/** The local cloud: runs a synthesized CDK app with its bundled functions on this machine. */

import { join } from 'node:path';
import type { proxyEvent } from './api-gateway/proxy-event';
import { readRestApi } from './api-gateway/rest-api';
import { type ApiGateway, startApiGateway } from './api-gateway/server';
import { createBuses } from './buses';
import { type Closer, closeAll } from './closers';
import { createCloudFormationService } from './cloudformation/cloudformation-service';
import { Telemetry } from './cloudwatch/telemetry';
import { answerSchedulesRequest } from './eventbridge/control';
import type { EventBridge } from './eventbridge/event-bridge';
import { createEventBridgeService } from './eventbridge/eventbridge-service';
import { Fakes } from './fakes/control';
import { type StartFake, startFakes } from './fakes/fakes';
import { type FaultStatus, Faults } from './faults/faults';
import { type FrontDoor, startFrontDoor } from './front-door';
import { createFunctions, startMappings } from './functions';
import type { GrantReport } from './iam/grants';
import { Permissions } from './iam/permissions';
import type { LambdaFunction } from './lambda/lambda-function';
import { createLambdaService, USUAL_CONCURRENCY } from './lambda/lambda-service';
import { Buckets, createS3Service } from './s3/s3-service';
import { createDeclaredSecrets } from './secrets-manager/declared-secrets';
import { SecretStore } from './secrets-manager/secret-store';
import { createSecretsManagerService } from './secrets-manager/secrets-manager-service';
import type { AwsService } from './service';
import { DataFolder } from './snapshot/data-folder';
import type { State } from './snapshot/section';
import { restoreSecrets, restoreSnapshot, type Snapshot } from './snapshot/snapshot';
import { describeReport, type OnStep, reportDenial } from './step';
import { createStores, type Stores } from './stores';
import { createStsService } from './sts/sts-service';
import { loadTemplate, loadTemplates } from './template/assembly';
import { combineStacks } from './template/combine';
import { type ResolvedStack, resolveTemplate } from './template/stack';

/** Settings of {@link startLocalCloud}. */
export interface LocalCloudOptions {
  /** The cloud assembly: the folder that `cdk synth` writes, such as `cdk.out`. */
  readonly cdkOut: string;
  /** Id of the stack to run, as `cdk list` shows it; all stacks of the assembly unless given. */
  readonly stackName?: string | undefined;
  /** Cloud assemblies of other apps. All their stacks run in the same account and region. */
  readonly with?: readonly string[] | undefined;
  /** Port of the HTTP API on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Port of the AWS endpoint on 127.0.0.1; 0 takes a free one. */
  readonly awsPort: number;
  /** Fakes of services outside AWS. They start in this order, before any function runs. */
  readonly fakes?: readonly StartFake[] | undefined;
  /** The first fault plan, `{ seed?, faults }`; none unless given. */
  readonly faults?: unknown;
  /** The account's limit of concurrent executions that Lambda's `GetAccountSettings` answers; 1,000 unless given. */
  readonly accountConcurrency?: number | undefined;
  /** Folder of the snapshot. The state is read from there, and {@link LocalCloud.close} writes it there. */
  readonly data?: string | undefined;
  readonly onStep: OnStep;
}

/** A running local cloud. */
export interface LocalCloud {
  /** URL of the REST API, with a slash at its end; undefined where no stack has an API. */
  readonly apiUrl: string | undefined;
  /** URL of the AWS endpoint, without a slash at its end. Clients may use any credentials; the region is us-east-1. */
  readonly awsUrl: string;
  /** The stacks' outputs, in the shape of `cdk deploy --outputs-file`. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Kinds of resources in the template that the local cloud does not run, such as `StateMachine`. */
  readonly passedOver: readonly string[];
  /** The current fault plan, and what it has injected. */
  faults(): FaultStatus;
  /** Every permission that the template grants, with the number of times it was used. */
  grants(): GrantReport;
  /**
   * Ends everything, child processes included, and writes the snapshot.
   *
   * @throws Error that says what could not be ended or written; the rest has ended
   */
  close(): Promise<void>;
}

/**
 * Starts the stacks of a cloud assembly. It takes traffic as soon as the promise resolves.
 *
 * @throws Error when a port is taken, when the template holds something that the local cloud cannot run, when a fake does
 *   not start, or when the fault plan or the snapshot cannot be read
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
    authorize: (...call) => reportDenial(options.onStep, () => parts.permissions?.authorizeCall(...call)),
    faults,
    fakes: () => parts.fakes,
    onSchedules: async (method) => parts.state && answerSchedulesRequest(parts.state.eventBridge, method),
    onClock: (milliseconds) => parts.telemetry?.advance(milliseconds),
    onCall: (report) => parts.telemetry?.call(report),
  });
  // Everything ends in reverse order, also when a later part fails to start.
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

/** What the front door uses. The optional members need the front door's URL, so they are set later. */
interface Parts {
  readonly services: AwsService[];
  readonly buckets: Buckets;
  readonly faults: Faults;
  readonly closers: Closer[];
  fakes?: Fakes;
  permissions?: Permissions;
  functions?: Functions;
  telemetry?: Telemetry;
  /** What the snapshot saves; absent until everything has started, so that a failed start overwrites no snapshot. */
  state?: State;
}

/** What each step of the start uses. */
interface Base {
  readonly options: LocalCloudOptions;
  readonly endpoint: string;
  readonly stack: ResolvedStack;
  readonly stores: Stores;
  readonly permissions: Permissions;
  readonly telemetry: Telemetry;
  readonly faults: Faults;
  /** Each step adds what ends the parts that it has started. */
  readonly closers: Closer[];
}

type Functions = ReadonlyMap<string, LambdaFunction>;

async function startParts(options: LocalCloudOptions, { url: endpoint }: FrontDoor, parts: Parts) {
  const { services, buckets, faults, closers } = parts;
  const data = options.data === undefined ? undefined : openData(options.data, options, closers);
  const snapshot: Snapshot = (await data?.read()) ?? new Map();
  const stack = loadStack(options, endpoint);
  const secrets = new SecretStore();
  await restoreSecrets({ secrets }, snapshot);
  createDeclaredSecrets(stack, secrets);
  const { environment, breakable } = await startFakes(options.fakes ?? [], { stack, secrets }, closers);
  parts.fakes = new Fakes(breakable);
  const stores = await createStores(stack, endpoint, buckets);
  closers.push(stores.close);
  closers.push(() => parts.state && data?.save(parts.state));
  const permissions = new Permissions(stack, { queues: stores.queues, secrets, buckets });
  parts.permissions = permissions;
  const telemetry = new Telemetry(stack, stores.queues);
  parts.telemetry = telemetry;
  closers.push(() => telemetry.close());

  const base: Base = { options, endpoint, stack, stores, permissions, telemetry, faults, closers };
  let apiUrl: string | undefined;
  // No process starts before the API: its port may be any free one.
  const localize = (value: string) => (apiUrl === undefined ? value : stack.localizeUrls(value, apiUrl));
  const functions = startFunctions(base, environment, localize);
  parts.functions = functions;
  const eventBridge = startEventBridge(base, functions);
  services.push(...telemetry.services, ...stores.services);
  services.push(createEventBridgeService(eventBridge), createSecretsManagerService(secrets));
  const resolveOutputs = () => stack.resolveOutputs(apiUrl === undefined ? {} : { apiUrl });
  services.push(createStsService(permissions), createCloudFormationService(resolveOutputs));
  services.push(createLambdaService(stack, options.accountConcurrency ?? USUAL_CONCURRENCY, functions));
  const state: State = { stack, queues: stores.queues, dynamoDb: stores.dynamoDb, buckets, secrets, eventBridge };
  await restore(options, state, snapshot);
  if (options.faults !== undefined) faults.replace(options.faults);
  apiUrl = (await startApi(base, functions))?.url;
  startPolling(base, functions);
  closers.push(() => faults.stop());
  parts.state = state;
  eventBridge.startSchedules();
  const outputs = resolveOutputs();
  const passedOver = [...new Set(stack.passedOver.map(({ type }) => type.split('::').at(-1) ?? ''))].sort();
  return { apiUrl, outputs, passedOver, grants: () => permissions.report() };
}

function openData(path: string, { onStep }: LocalCloudOptions, closers: Base['closers']): DataFolder {
  const data = new DataFolder(path);
  closers.push(() => data.close());
  if (data.warning !== undefined) onStep({ kind: 'trouble', message: data.warning });
  return data;
}

/** All stacks to run, combined into one. */
function loadStack({ cdkOut, stackName, with: others = [] }: LocalCloudOptions, endpoint: string): ResolvedStack {
  const own = stackName === undefined ? loadTemplates(cdkOut) : [loadTemplate(cdkOut, stackName)];
  return combineStacks(
    [...own, ...others.flatMap(loadTemplates)].map((loaded) => resolveTemplate(loaded, { endpoint })),
  );
}

function startFunctions(
  base: Base,
  overrides: Readonly<Record<string, string>>,
  localize: (value: string) => string,
): Functions {
  const { options, endpoint, stack, telemetry, closers } = base;
  const functions = createFunctions(stack, {
    endpoint,
    overrides,
    localize,
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
    onStep({
      kind: 'trouble',
      message: `The template no longer has the resource, so this is not restored: ${leftOut}.`,
    });
  }
}

function startPolling({ options, stack, stores, permissions, faults, closers }: Base, functions: Functions): void {
  const mappings = startMappings(stack, {
    functions,
    queues: stores.queues,
    authorize: (...poll) => permissions.authorizePolling(...poll),
    faults,
    onBatch: (queue, bodies) => options.onStep({ kind: 'batch', queue, bodies }),
    onError: (message) => options.onStep({ kind: 'trouble', message }),
  });
  closers.push(() => Promise.all(mappings.map((mapping) => mapping.stop())));
}

async function startApi(base: Base, functions: Functions): Promise<ApiGateway | undefined> {
  const { options, stack, permissions, telemetry, closers } = base;
  const restApi = readRestApi(stack);
  if (!restApi) return undefined;
  const api = await startApiGateway({
    port: options.port,
    restApi,
    invoke: async (name, event, { traceId }) => {
      const integration = functions.get(name);
      if (!integration) throw new Error(`The API names a function ${name} that is not part of the stack.`);
      reportDenial(options.onStep, () => permissions.authorizeInvoke(name, methodOf(event as ProxyEvent)));
      return integration.invoke(event, { traceId });
    },
    onRequest: (request) => options.onStep({ kind: 'request', ...request }),
    onAccess: (access) => telemetry.request(access),
  });
  closers.push(() => api.close());
  return api;
}

type ProxyEvent = ReturnType<typeof proxyEvent>;

/** The method of a request in the form that permissions use: `<API id>/<stage>/POST/calls`. */
const methodOf = ({ requestContext: { apiId, stage, httpMethod, resourcePath } }: ProxyEvent): string =>
  `${apiId}/${stage}/${httpMethod}${resourcePath}`;

const byArn = (stack: ResolvedStack, functions: Functions) => {
  const names = new Map(stack.ofType('AWS::Lambda::Function').map(({ name, attributes }) => [attributes.Arn, name]));
  return (arn: string) => functions.get(names.get(arn) ?? '');
};
