/** Whole apps in the local cloud: fakes that the caller starts, an app without an API, several stacks, and a restart. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../src/cloud';
import type { StartFake } from '../src/fakes/fakes';
import { role } from './iam/fixture';
import { clientConfig } from './local-aws';
import { type Assembly, writeAssembly } from './template/fixture';

/** A shop that asks a service of another company for the price of each order. */
const SHOP = {
  Resources: {
    Orders: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
    Held: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'held' } },
    PricerRole: role('lambda.amazonaws.com'),
    Pricer: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'pricer.zip' },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['PricerRole', 'Arn'] },
        Timeout: 20,
        Environment: { Variables: { PRICES_URL: 'https://prices.example', PRICES_SECRET: 'shop/prices' } },
      },
    },
    PricerPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': ['Pricer', 'Arn'] },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': ['Ordered', 'Arn'] },
      },
    },
    Ordered: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Orders' },
        EventPattern: { source: ['shop'] },
        Targets: [{ Id: 'pricer', Arn: { 'Fn::GetAtt': ['Pricer', 'Arn'] } }],
      },
    },
  },
  Outputs: { HeldUrl: { Value: { Ref: 'Held' } } },
};

const PRICER = `
exports.handler = async () => {
  const { PRICES_URL, ADDED } = process.env;
  console.log('price ' + (await (await fetch(PRICES_URL)).text()) + ' ' + ADDED);
};`;

const BILLING = { Resources: { Bills: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'bills' } } } };

let shop: Assembly;
const folder = mkdtempSync(join(tmpdir(), 'cloud-test-'));
const running = new Set<LocalCloud>();
const lines: string[] = [];

beforeAll(() => {
  shop = writeAssembly(SHOP, { pricer: PRICER }, 'Shop');
});
afterEach(async () => {
  for (const cloud of running) await stop(cloud);
});
afterAll(() => {
  shop.remove();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const onStep: LocalCloudOptions['onStep'] = (step) => {
    if (step.kind === 'log') lines.push(step.line);
  };
  const cloud = await startLocalCloud({ cdkOut: shop.folder, port: 0, awsPort: 0, onStep, ...options });
  running.add(cloud);
  return cloud;
}

async function stop(cloud: LocalCloud): Promise<void> {
  running.delete(cloud);
  await cloud.close();
}

/** The prices service: its answer is the secret that the fake made up. */
const prices =
  (closed: string[] = []): StartFake =>
  async ({ variable, secret }) => {
    const answer = secret(variable('PRICES_SECRET')!, randomUUID);
    const server = createServer((_request, response) => response.end(answer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      environment: { PRICES_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ADDED: 'no' },
      close: async () => {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
        closed.push('prices');
      },
    };
  };

const secretIn = async ({ awsUrl }: LocalCloud): Promise<string> => {
  const client = new SecretsManagerClient(clientConfig({ url: awsUrl }));
  return (await client.send(new GetSecretValueCommand({ SecretId: 'shop/prices' }))).SecretString!;
};

/** Puts an order, and waits for what the function logs. */
async function priceIn({ awsUrl }: LocalCloud): Promise<string> {
  lines.length = 0;
  const Entries = [{ EventBusName: 'orders', Source: 'shop', DetailType: 'ordered', Detail: '{}' }];
  await new EventBridgeClient(clientConfig({ url: awsUrl })).send(new PutEventsCommand({ Entries }));
  while (!lines.some((line) => line.startsWith('price '))) await delay(20);
  return lines.find((line) => line.startsWith('price '))!;
}

it('runs an app without an API, with the fakes of the caller', async () => {
  const closed: string[] = [];
  const cloud = await start({ fakes: [prices(closed)] });

  expect(cloud.apiUrl).toBeUndefined();
  // A variable that the template does not set stays unset.
  expect(await priceIn(cloud)).toBe(`price ${await secretIn(cloud)} undefined`);
  expect(closed).toEqual([]);
  await stop(cloud);
  expect(closed).toEqual(['prices']);
});

it('shows a fake the variables and the code of the functions', async () => {
  const seen: unknown[] = [];
  const look: StartFake = ({ variable, codeFolders }) => {
    seen.push(variable('PRICES_SECRET'), variable('NONE'), ...codeFolders().map((folder) => readdirSync(folder)));
    return {};
  };
  await start({ fakes: [look] });
  expect(seen).toEqual(['shop/prices', undefined, ['index.js']]);
});

it('a later fake wins, and one that fails ends the earlier ones', async () => {
  const last: StartFake = ({ secret }) => {
    secret('shop/prices', () => 'never made up: the earlier fake has created it');
    return { environment: { PRICES_URL: 'data:,42' } };
  };
  const cloud = await start({ fakes: [prices(), last] });
  expect(await priceIn(cloud)).toBe('price 42 undefined');
  expect(await secretIn(cloud)).not.toContain('never');

  const closed: string[] = [];
  const broken: StartFake = () => {
    throw new Error('No prices today.');
  };
  await expect(start({ fakes: [prices(closed), broken] })).rejects.toThrow('No prices today.');
  expect(closed).toEqual(['prices']);
});

it('breaks a fake that can be broken, over HTTP, and makes it work again', async () => {
  const ways: (string | undefined)[] = [];
  const breakable = { name: 'prices', ways: ['dear', 'closed'], break: (way?: string) => void ways.push(way) };
  const { awsUrl } = await start({ fakes: [prices(), () => ({ breakable })] });
  const control = async (method: string, body?: string) => {
    const response = await fetch(`${awsUrl}/_local-cloud/fakes`, { method, ...(body !== undefined && { body }) });
    return [response.status, await response.json()];
  };
  const status = (broken: string | null) => ({ fakes: [{ name: 'prices', ways: ['dear', 'closed'], broken }] });

  expect(await control('GET')).toEqual([200, status(null)]);
  expect(await control('PUT', '{"prices":"closed"}')).toEqual([200, status('closed')]);
  const noFake = 'There is no fake shop that can be broken. There are: prices.';
  expect(await control('PUT', '{"prices":"dear","shop":"closed"}')).toEqual([400, { error: noFake }]);
  const noWay = 'prices can be broken by dear, closed. With null it works again.';
  expect(await control('PUT', '{"prices":"lost"}')).toEqual([400, { error: noWay }]);
  for (const body of ['', '{}', '["prices"]']) {
    expect(await control('PUT', body)).toEqual([400, { error: 'Send { "<name>": "<way>" }. There are: prices.' }]);
  }
  expect((await control('POST', '{}'))[0]).toBe(405);
  expect(await control('GET')).toEqual([200, status('closed')]);
  expect(await control('PUT', '{"prices":null}')).toEqual([200, status(null)]);
  expect(await control('PUT', '{"prices":"dear"}')).toEqual([200, status('dear')]);
  expect(await control('DELETE')).toEqual([200, status(null)]);
  expect(ways).toEqual(['closed', undefined, 'dear', undefined]);
});

it('has its messages and the secrets of its fakes after a restart', async () => {
  const options = { data: join(folder, 'data'), fakes: [prices()] };
  const first = await start(options);
  const secret = await secretIn(first);
  const send = new SendMessageCommand({ QueueUrl: String(first.outputs.Shop?.HeldUrl), MessageBody: 'order 1' });
  await new SQSClient(clientConfig({ url: first.awsUrl })).send(send);
  await stop(first);

  const second = await start(options);
  expect(second.awsUrl).not.toBe(first.awsUrl);
  expect(await secretIn(second)).toBe(secret);
  expect(await priceIn(second)).toBe(`price ${secret} undefined`);
  const receive = new ReceiveMessageCommand({ QueueUrl: String(second.outputs.Shop?.HeldUrl) });
  const { Messages } = await new SQSClient(clientConfig({ url: second.awsUrl })).send(receive);
  expect(Messages).toMatchObject([{ Body: 'order 1' }]);
});

it('runs one stack of an assembly, or all, and those of other apps', async () => {
  const billing = writeAssembly(BILLING, {}, 'Billing');
  try {
    const cloud = await start({ stackName: 'Shop', with: [billing.folder] });
    expect(Object.keys(cloud.outputs)).toEqual(['Shop', 'Billing']);
    const QueueUrl = `${cloud.awsUrl}/000000000000/bills`;
    await new SQSClient(clientConfig({ url: cloud.awsUrl })).send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'bill 1' }),
    );
    const formation = new CloudFormationClient(clientConfig({ url: cloud.awsUrl }));
    const describe = async (StackName?: string) =>
      (await formation.send(new DescribeStacksCommand({ StackName }))).Stacks ?? [];
    expect((await describe()).map(({ StackName }) => StackName)).toEqual(['Shop', 'Billing']);
    const [shopStack] = await describe('Shop');
    expect(shopStack).toMatchObject({
      ...{ StackStatus: 'CREATE_COMPLETE', CreationTime: expect.any(Date) },
      Outputs: [{ OutputKey: 'HeldUrl', OutputValue: cloud.outputs.Shop?.HeldUrl }],
    });
    expect(await describe(shopStack?.StackId)).toEqual([shopStack]);
    await expect(describe('Market')).rejects.toMatchObject({
      ...{ name: 'ValidationError', message: 'Stack with id Market does not exist' },
    });
    await expect(start({ stackName: 'Market' })).rejects.toThrow('Stacks there: Shop.');
  } finally {
    billing.remove();
  }
});
