import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FrontDoor } from '@meetbus/local-cloud/front-door';
import { LogGroups } from '@meetbus/local-cloud/logs/log-groups';
import { createLogsService } from '@meetbus/local-cloud/logs/logs-service';
import { AwsError, type AwsService } from '@meetbus/local-cloud/service';
import { Queues } from '@meetbus/local-cloud/sqs/queues';
import { createSqsService } from '@meetbus/local-cloud/sqs/sqs-service';
import { QUEUE_NAMES } from '../../../../bin/commands/dlq/queues';
import type { Deployment } from '../../../../bin/deployment';
import { OUTPUTS_FILE } from '../../../../bin/local/state-files';
import { pascalCase } from '../../../../lib/pascal-case';
import { clientConfig, frontDoorWith } from '../../../../packages/local-cloud/test/local-aws';
import { type Ran, startCli } from '../../../support/cli';
import { newMessage } from '../../../support/messages';
import { until } from '../../../support/until';

/**
 * For each test of a file: the queues of a deployment without the deployment, commands that look at them, and a clock
 * that can be put forward. Nothing takes messages out of the queues but the commands.
 */
export function useDeadLetterQueues() {
  let passedMs: number;
  let denied: (operation: string, input: { readonly QueueUrl?: string }) => boolean;
  let door: FrontDoor;
  let sqs: SQSClient;
  let state: string;
  let logs: LogGroups;
  const published: string[] = [];

  const urlOf = (name: string) => `${door.url}/000000000000/${name}`;

  beforeEach(async () => {
    [passedMs, denied] = [0, () => false];
    published.length = 0;
    logs = new LogGroups();
    logs.create('BotLaneConsumerLogs');
    const queues = new Queues(() => Date.now() + passedMs);
    door = await frontDoorWith(
      (url) => [eventBridge(published), createSqsService(queues, url), createLogsService(logs), STS],
      ({ operation, input }) => {
        if (denied(operation, input as object)) throw new AwsError('AccessDenied', `You may not do ${operation}.`, 403);
      },
    );
    sqs = new SQSClient(clientConfig(door));
    state = mkdtempSync(join(tmpdir(), 'meetbus-dlq-'));
    const outputs = QUEUE_NAMES.flatMap((name) => {
      for (const queue of [name, `${name}-dlq`]) queues.create(queue);
      return [
        [`${pascalCase(name)}QueueUrl`, urlOf(name)],
        [`${pascalCase(name)}DeadLetterQueueUrl`, urlOf(`${name}-dlq`)],
      ];
    });
    const Meetbus = {
      ...Object.fromEntries(outputs),
      ...{ SharedBusName: 'shared', LogGroupNames: 'BotLaneConsumerLogs', OperatorRoleArn: OPERATOR },
    };
    writeFileSync(join(state, OUTPUTS_FILE), JSON.stringify({ Meetbus }));
    writeFileSync(join(state, 'local.json'), JSON.stringify({ awsUrl: door.url }));
  });

  afterEach(async () => {
    sqs.destroy();
    await door.close();
    rmSync(state, { recursive: true });
  });

  const start = (...args: readonly string[]) => startCli(['dlq', ...args, '--local', '--state', state]);

  const count = async (name: string, attribute: 'Messages' | 'MessagesNotVisible'): Promise<number> => {
    const AttributeName = `ApproximateNumberOf${attribute}` as const;
    const command = new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: [AttributeName] });
    return Number((await sqs.send(command)).Attributes?.[AttributeName]);
  };
  const waiting = (name: string): Promise<number> => count(name, 'Messages');

  return {
    /** The deployment as on AWS, for what runs in this process. */
    deployment: (): Deployment => ({
      clientConfig: clientConfig(door),
      outputs: JSON.parse(readFileSync(join(state, OUTPUTS_FILE), 'utf8')).Meetbus,
    }),
    /** Texts of the events that were put on the shared bus. */
    published,
    start,
    /** Messages of a queue that can be received. */
    waiting,
    /** Messages of a queue that somebody holds. */
    heldIn: (name: string): Promise<number> => count(name, 'MessagesNotVisible'),
    run: (...args: readonly string[]): Promise<Ran> => start(...args).ended,
    pass: (seconds: number) => {
      passedMs += seconds * 1_000;
    },
    /** Has AWS refuse these calls. */
    deny: (calls: typeof denied) => {
      denied = calls;
    },
    /** Puts so many messages aside, or these. */
    putAside: async (name: string, messages: number | readonly string[]) => {
      const bodies =
        typeof messages === 'number' ? Array.from({ length: messages }, () => JSON.stringify(newMessage())) : messages;
      const QueueUrl = urlOf(`${name}-dlq`);
      for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    /** Has the consumer of bots log a line. */
    log: (line: object) => logs.put('BotLaneConsumerLogs', 'stream', JSON.stringify(line)),
    /** Message ids of what was put aside. */
    idsIn: async (name: string): Promise<string[]> => {
      const command = new ReceiveMessageCommand({
        ...{ QueueUrl: urlOf(`${name}-dlq`), MaxNumberOfMessages: 10, VisibilityTimeout: 0 },
      });
      return ((await sqs.send(command)).Messages ?? []).map(({ MessageId = '' }) => MessageId);
    },
    /** Holds messages as somebody else's command does; 15 minutes. */
    hold: async (name: string, count: number) => {
      const QueueUrl = urlOf(`${name}-dlq`);
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: count, VisibilityTimeout: 900 });
      expect((await sqs.send(command)).Messages).toHaveLength(count);
    },
    /** Waits until so many messages have come to a queue. */
    arrived: (name: string, count: number) =>
      until(async () => (await waiting(name)) >= count, `${count} messages in ${name}`),
  };
}

const OPERATOR = 'arn:aws:iam::000000000000:role/operator';

/** Lets everybody assume the operator's role. */
const STS: AwsService = {
  targetPrefix: 'AWSSecurityTokenServiceV20110615',
  operations: {
    AssumeRole: ({ RoleArn }) => {
      if (RoleArn !== OPERATOR) throw new AwsError('AccessDenied', `There is no role ${RoleArn}.`, 403);
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      return { Credentials: { AccessKeyId: 'a', SecretAccessKey: 'b', SessionToken: 'c', Expiration } };
    },
  },
};

/** Takes every event. */
const eventBridge = (published: string[]): AwsService => ({
  targetPrefix: 'AWSEvents',
  operations: {
    PutEvents: ({ Entries }) => {
      published.push(...Entries.map(({ Detail }: { readonly Detail: string }) => Detail));
      return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: crypto.randomUUID() })) };
    },
  },
});
