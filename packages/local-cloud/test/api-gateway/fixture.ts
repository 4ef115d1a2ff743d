import { readRestApi } from '../../src/api-gateway/rest-api';
import { type AccessLogEntry, type ApiGateway, startApiGateway } from '../../src/api-gateway/server';
import { readFunction } from '../../src/lambda/configuration';
import { LambdaFunction } from '../../src/lambda/lambda-function';
import { type Assembly, proxyMethod, writeAssembly } from '../template/fixture';
import { type Answer, send } from './http';

/** The handlers of the API, by the path that leads to each. */
export const CODE = {
  echo: `exports.handler = async (event) => ({
    statusCode: 201,
    headers: { 'Content-Type': 'application/json', 'X-One': 'yes', 'X-Flag': true, Server: 'mine' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
    body: JSON.stringify({ event, trace: process.env._X_AMZN_TRACE_ID }),
  })`,
  // Answers with what the request's body says.
  say: `exports.handler = async (event) => JSON.parse(Buffer.from(event.body, 'base64').toString())`,
  bytes: `exports.handler = async (event) => ({
    statusCode: 200, headers: { 'Content-Type': 'application/octet-stream' }, body: event.body, isBase64Encoded: event.isBase64Encoded,
  })`,
  fail: `exports.handler = async () => { throw new Error('secret detail') }`,
  exit: 'exports.handler = async () => process.exit(1)',
  init: `throw new Error('secret detail')`,
  slow: `exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 2000)); return {} }`,
} as const;

/** A part of a path of the template. */
export const resource = (pathPart: string, parent?: string) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: {
    PathPart: pathPart,
    ParentId: parent ? { Ref: parent } : { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
    RestApiId: { Ref: 'Api' },
  },
});
const lambdaFunction = (code: keyof typeof CODE, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { S3Key: `${code}.zip` }, Handler: 'index.handler', ...more },
});
/** A gateway response of the template. */
export const gatewayResponse = (ResponseType: string, more: object) => ({
  Type: 'AWS::ApiGateway::GatewayResponse',
  Properties: { ResponseType, RestApiId: { Ref: 'Api' }, ...more },
});

/** An API whose paths are the names of the functions, all by POST. */
export function template({ binaryMediaTypes = ['*/*'], gatewayResponses = {} as object } = {}) {
  const names = Object.keys(CODE) as Array<keyof typeof CODE>;
  return {
    Resources: {
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { BinaryMediaTypes: binaryMediaTypes } },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1', DeploymentId: { Ref: 'Deployment' } } },
      Deployment: { Type: 'AWS::ApiGateway::Deployment' },
      ...Object.fromEntries(
        names.flatMap((name) => [
          [name, lambdaFunction(name)],
          [`${name}Path`, resource(name)],
          [`${name}Post`, proxyMethod('POST', { Ref: `${name}Path` }, name, name === 'slow' ? 200 : undefined)],
        ]),
      ),
      throttled: lambdaFunction('echo', { ReservedConcurrentExecutions: 0 }),
      throttledPath: resource('throttled'),
      throttledPost: proxyMethod('POST', { Ref: 'throttledPath' }, 'throttled'),
      echoGet: proxyMethod('GET', { Ref: 'echoPath' }, 'echo'),
      newPath: resource('new', 'echoPath'),
      anyPath: resource('{name}', 'echoPath'),
      anyPost: proxyMethod('POST', { Ref: 'anyPath' }, 'echo'),
      newPost: proxyMethod('POST', { Ref: 'newPath' }, 'echo'),
      ...gatewayResponses,
    },
  };
}

/** A running API with its functions. */
export interface RunningApi {
  readonly gateway: ApiGateway;
  readonly log: AccessLogEntry[];
  post(path: string, body?: Buffer | string): Promise<Answer>;
}

/** APIs that run in one test file. */
export class Apis {
  readonly #started: Array<{ gateway: ApiGateway; functions: LambdaFunction[]; assembly: Assembly }> = [];

  async start(settings?: Parameters<typeof template>[0]): Promise<RunningApi> {
    const assembly = writeAssembly(template(settings), CODE);
    const stack = assembly.resolve();
    const functions = stack.ofType('AWS::Lambda::Function').map(
      (found) =>
        new LambdaFunction({
          configuration: { ...readFunction(stack, found), timeoutSeconds: 10 },
          endpoint: 'http://127.0.0.1:4566',
          onLog: () => {},
        }),
    );
    const log: AccessLogEntry[] = [];
    const gateway = await startApiGateway({
      port: 0,
      restApi: readRestApi(stack)!,
      invoke: async (name, event, options) => functions.find((found) => found.name === name)!.invoke(event, options),
      onRequest: (entry) => log.push(entry),
    });
    this.#started.push({ gateway, functions, assembly });
    const post = (path: string, body?: Buffer | string) => send(gateway.url + path, 'POST', { ...(body && { body }) });
    return { gateway, log, post };
  }

  async close(): Promise<void> {
    for (const { gateway, functions, assembly } of this.#started) {
      await gateway.close();
      await Promise.all(functions.map((found) => found.close()));
      assembly.remove();
    }
  }
}

/** The JSON of a body. */
export const json = (body: Buffer) => JSON.parse(body.toString());
