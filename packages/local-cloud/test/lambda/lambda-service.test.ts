/** A function that the SDK's client invokes, in an app with an API and a secret of its own. */
import { Lambda } from '@aws-sdk/client-lambda';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { type LocalCloud, startLocalCloud } from '../../src/cloud';
import { role } from '../iam/fixture';
import { clientConfig } from '../local-aws';
import { type Assembly, invokeUrl, proxyMethod, writeAssembly } from '../template/fixture';

const CODE = `exports.handler = async (event) => {
  if (event.fails) throw new Error('as asked');
  return { event, url: process.env.API_URL, id: process.env.SECRET_ID };
};`;

const APP = {
  Resources: {
    Role: role('lambda.amazonaws.com'),
    Caller: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'caller.zip' },
        Handler: 'index.handler',
        FunctionName: 'caller',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { API_URL: invokeUrl('Api', 'Stage', 'calls'), SECRET_ID: { Ref: 'Key' } } },
      },
    },
    Key: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: 'app/key',
        GenerateSecretString: { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: 'key', PasswordLength: 40 },
      },
    },
    Plain: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/plain', SecretString: 'as it is' } },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
    Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1', DeploymentId: { Ref: 'Deployment' } } },
    Deployment: { Type: 'AWS::ApiGateway::Deployment' },
    Post: proxyMethod('POST', { 'Fn::GetAtt': ['Api', 'RootResourceId'] } as object, 'Caller'),
  },
};

let app: Assembly;
let cloud: LocalCloud;
let lambda: Lambda;
beforeAll(async () => {
  app = writeAssembly(APP, { caller: CODE }, 'App');
  cloud = await startLocalCloud({ cdkOut: app.folder, port: 0, awsPort: 0, onStep: () => {} });
  lambda = new Lambda(clientConfig({ url: cloud.awsUrl }));
});
afterAll(async () => {
  lambda.destroy();
  await cloud.close();
  app.remove();
});

const FunctionName = 'caller';

async function invoke(event: object): Promise<{ error?: string | undefined; payload: unknown }> {
  const { FunctionError, Payload } = await lambda.invoke({ FunctionName, Payload: JSON.stringify(event) });
  return { error: FunctionError, payload: JSON.parse(Payload!.transformToString()) };
}

const secretAt = async (SecretId: string) => {
  const secrets = new SecretsManager(clientConfig({ url: cloud.awsUrl }));
  const { ARN, SecretString = '' } = await secrets.getSecretValue({ SecretId });
  secrets.destroy();
  return { ARN, SecretString };
};

it('answers with its result, and knows the URL at which the API answers', async () => {
  const { ARN } = await secretAt('app/key');
  expect(await invoke({ one: 1 })).toEqual({
    error: undefined,
    payload: { event: { one: 1 }, url: `${cloud.apiUrl}calls`, id: ARN },
  });
});

it('answers with its error', async () => {
  expect(await invoke({ fails: true })).toEqual({
    error: 'Unhandled',
    payload: { errorType: 'Error', errorMessage: 'as asked' },
  });
});

it('has the secrets of the template, made up where they say so', async () => {
  const { SecretString } = await secretAt('app/key');
  expect(JSON.parse(SecretString)).toEqual({ user: 'me', key: expect.stringMatching(/^\w{40}$/) });
  expect((await secretAt('app/plain')).SecretString).toBe('as it is');
});

it('is throttled while it has no concurrency', async () => {
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
  await expect(invoke({})).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await lambda.deleteFunctionConcurrency({ FunctionName });
  expect(await invoke({})).toMatchObject({ error: undefined });
});

it('must exist, and is not invoked for later', async () => {
  await expect(lambda.invoke({ FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(lambda.invoke({ FunctionName, InvocationType: 'Event' })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});
