/** Who may write: Meetbus's own roles, the operator in the role for that, whom the settings trust, and nobody else of the account. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { FAMILIES } from '@meetbus/events';
import { type MeetbusCloud, startMeetbusCloud } from '../../bin/local/cloud';
import { OBJECT_PREFIX } from '../../lambdas/platform/object-store';
import { pascalCase } from '../../lib/pascal-case';
import { recallBody } from '../../providers/recall/sandbox';
import { copyAssembly, synthesizedResources } from '../support/assembly';
import { cliOf } from '../support/cli';
import { withDenyingAws } from '../support/denying-aws';
import { operatorClients } from '../support/operator';
import { startWorld, type World } from '../support/providers';

const ACCOUNT = '000000000000';

/** Clients of the account's user of that name, who is an administrator. */
function clientsOf(accessKeyId: string, endpoint: string) {
  const config = {
    ...{ endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 },
    credentials: { accessKeyId, secretAccessKey: 'x' },
  };
  return {
    sqs: new SQSClient(config),
    eventBridge: new EventBridgeClient(config),
    s3: new S3Client(config),
    sts: new STSClient(config),
  };
}

type Clients = ReturnType<typeof clientsOf>;

const event = (EventBusName: string | undefined) => ({
  ...{ EventBusName, Source: 'meetbus.recall', DetailType: 'recording.ready' },
  Detail: JSON.stringify({ id: 'forged' }),
});

let world: World;
let mallory: Clients;
let outputs: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  mallory = clientsOf('mallory', world.meetbus.awsUrl);
  outputs = world.meetbus.outputs as object as Record<string, string>;
});
afterAll(() => world.close());

const denied = (action: string) =>
  expect.stringMatching(
    `^User: arn:aws:iam::${ACCOUNT}:user/mallory is not authorized to perform: ${action} on resource: .* with an explicit deny in a resource-based policy$`,
  );

describe('an administrator of the account, who holds every permission', () => {
  it.each(['IntakeBusName', 'SharedBusName'])('puts no event on the bus %s, and the whole call fails', async (name) => {
    const Entries = [{ ...event('default') }, event(outputs[name])];
    await expect(mallory.eventBridge.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: denied('events:PutEvents'),
    });
  });

  const queues = [
    ...FAMILIES.flatMap((family) => [`${pascalCase(family)}QueueUrl`, `${pascalCase(family)}DeadLetterQueueUrl`]),
    'RepublishDeadLetterQueueUrl',
  ];

  it.each(queues)('sends nothing to the queue %s', async (name) => {
    const QueueUrl = outputs[name];
    const error = { name: 'AccessDenied', message: denied('sqs:sendmessage'), $metadata: { httpStatusCode: 403 } };
    await expect(mallory.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }))).rejects.toMatchObject(
      error,
    );
    const Entries = [{ Id: '1', MessageBody: '{}' }];
    await expect(mallory.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject(error);
  });

  it('moves nothing from a dead-letter queue, wherever to', async () => {
    const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${outputs[name]!.split('/').at(-1)}`;
    const SourceArn = arnOf('BotDeadLetterQueueUrl');
    for (const DestinationArn of [undefined, arnOf('BotQueueUrl')]) {
      const started = mallory.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
      await expect(started).rejects.toMatchObject({ name: 'AccessDenied', message: denied('sqs:sendmessage') });
    }
  });

  it('has no queue of their own give messages up to the dead-letter queue of the republish rule', async () => {
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${outputs.RepublishDeadLetterQueueUrl!.split('/').at(-1)}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    const created = mallory.sqs.send(new CreateQueueCommand({ QueueName: 'mine', Attributes: { RedrivePolicy } }));
    await expect(created).rejects.toThrow('RedriveAllowPolicy');
  });

  it.each([...Object.values(OBJECT_PREFIX), 'fallback/', 'unrecognized/', ''])(
    'puts no object below "%s"',
    async (prefix) => {
      const put = new PutObjectCommand({ Bucket: outputs.BucketName, Key: `${prefix}forged`, Body: '{}' });
      await expect(mallory.s3.send(put)).rejects.toMatchObject({
        name: 'AccessDenied',
        message: denied('s3:PutObject'),
        $metadata: { httpStatusCode: 403 },
      });
    },
  );

  it.each([
    ['of a function', () => synthesizedResources('AWS::IAM::Role').find(([id]) => id.startsWith('BotLane'))?.[0]],
    ['that is not there', () => 'Nobody'],
  ])('assumes no role %s', async (_, logicalId) => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/Meetbus-${logicalId()}`;
    const assumed = mallory.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
    await expect(assumed).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`),
    });
  });

  it('may write elsewhere', async () => {
    const { FailedEntryCount } = await mallory.eventBridge.send(new PutEventsCommand({ Entries: [event('default')] }));
    expect(FailedEntryCount).toBe(0);
  });
});

describe('the operator', () => {
  it('is who they say they are', async () => {
    const { Arn, Account } = await mallory.sts.send(new GetCallerIdentityCommand({}));
    expect({ Arn, Account }).toEqual({ Arn: `arn:aws:iam::${ACCOUNT}:user/mallory`, Account: ACCOUNT });
  });

  it('speaks on the shared bus and to the queues, and not on the intake bus', async () => {
    const shared = await world.meetbus.subscribe(outputs.SharedBusName!, { source: ['operator'] });
    const { eventBridge, sqs } = await operatorClients(world.meetbus);
    const entry = { Source: 'operator', DetailType: 't', Detail: '{}' };
    await eventBridge.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: outputs.SharedBusName }] }));
    expect(await shared.collect(1)).toHaveLength(1);
    await expect(
      eventBridge.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: outputs.IntakeBusName }] })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('assumed-role/') });
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl: outputs.BotQueueUrl, MessageBody: '{}' }));
    expect(MessageId).toBeDefined();
  });

  it('is told which permission is missing', async () => {
    const ran = await withDenyingAws(world.meetbus, ['AssumeRole'], (state) =>
      cliOf({ state })('dlq', 'redrive', 'bot'),
    );
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(`This needs the permission sts:AssumeRole on ${outputs.OperatorRoleArn}.`);
  });

  it('needs no role to look', async () => {
    const ran = await withDenyingAws(world.meetbus, ['AssumeRole'], (state) =>
      cliOf({ state })('dlq', 'redrive', 'bot', '--dry-run'),
    );
    expect(ran.code).toBe(0);
  });
});

it('a delivery still goes its whole way', async () => {
  const shared = await world.meetbus.subscribeToAll('shared');
  const LARGE = 'x'.repeat(1_200_000);
  await world.meetbus.post(world.recall.signed({ ...recallBody('bot.done'), n: randomUUID(), LARGE }));
  expect(await shared.collect(1)).toMatchObject([{ type: 'bot.status_changed' }]);
});

describe('a principal that the settings trust', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
  const trusted = `arn:aws:iam::${ACCOUNT}:user/archivist`;
  let cloud: MeetbusCloud;
  let archivist: Clients;
  let names: Record<string, string>;

  beforeAll(async () => {
    // What the setting `trustedPrincipals` does to the template, which test/lib/writers.test.ts shows.
    copyAssembly(folder, (resource) => {
      const text = JSON.stringify(resource).replaceAll(
        '"ArnNotEquals":{"aws:PrincipalArn":[',
        `"ArnNotEquals":{"aws:PrincipalArn":["${trusted}",`,
      );
      Object.assign(resource as object, JSON.parse(text));
    });
    cloud = await startMeetbusCloud({ cdkOut: folder, stackName: 'Meetbus', port: 0, awsPort: 0, onStep: () => {} });
    archivist = clientsOf('archivist', cloud.awsUrl);
    names = cloud.outputs.Meetbus as Record<string, string>;
  });
  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  it('may write', async () => {
    const Entries = [event(names.IntakeBusName), event(names.SharedBusName)];
    expect(await archivist.eventBridge.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
    await archivist.sqs.send(new SendMessageCommand({ QueueUrl: names.BotQueueUrl, MessageBody: '{}' }));
    await archivist.s3.send(new PutObjectCommand({ Bucket: names.BucketName, Key: 'deliveries/1', Body: '{}' }));
  });
});
