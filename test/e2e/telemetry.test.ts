/** What the local cloud measures and logs of all that runs in it: seen as an operator sees it, with CloudWatch's clients. */
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../packages/local-cloud/test/local-aws';
import { recallBody } from '../../providers/recall/sandbox';
import { startWorld, type World } from '../support/providers';
import { SUBSCRIBER_PREFIX } from '../support/subscription';

let world: World;
let cloudWatch: CloudWatch;
let logs: CloudWatchLogs;
beforeAll(async () => {
  world = await startWorld();
  const config = clientConfig({ url: world.meetbus.awsUrl });
  cloudWatch = new CloudWatch(config);
  logs = new CloudWatchLogs(config);
  const { meetbus, recall } = world;
  await meetbus.post(recall.signed(recallBody('bot.done')));
  await meetbus.post({ path: '/recall/webhooks', body: '{}' });
  await meetbus.post({ path: '/nowhere?token=never-to-be-logged', body: '{}' });
  await meetbus.settled();
});
afterAll(async () => {
  cloudWatch.destroy();
  logs.destroy();
  await world.close();
});

/** A statistic of a metric over the last minutes, by the dimensions that begin so; undefined where there is no value. */
async function metricValue(
  Namespace: string,
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
  Stat = 'Sum',
): Promise<number | undefined> {
  const { Metrics = [] } = await cloudWatch.listMetrics({ Namespace, MetricName });
  const names = Object.keys(dimensions).sort().join();
  const found = Metrics.filter(
    ({ Dimensions = [] }) =>
      Dimensions.map(({ Name }) => Name)
        .sort()
        .join() === names && Dimensions.every(({ Name = '', Value = '' }) => Value.startsWith(dimensions[Name] ?? '')),
  );
  const { MetricDataResults = [] } = await cloudWatch.getMetricData({
    StartTime: new Date(Date.now() - 3_600_000),
    EndTime: new Date(Date.now() + 60_000),
    MetricDataQueries: found.map((Metric, index) => ({ Id: `m${index}`, MetricStat: { Metric, Period: 7_200, Stat } })),
  });
  const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

const VERIFIER = { FunctionName: 'Meetbus-IngressRecallWebhooks' };
const CONSUMER = { FunctionName: 'Meetbus-BotLaneConsumer' };
const QUEUE = { QueueName: 'Meetbus-BotLaneQueue' };
const STAGE = { ApiName: '', Stage: 'v1' };

it.each<[string, string, Record<string, string>, number]>([
  ['AWS/ApiGateway', 'Count', STAGE, 3],
  ['AWS/ApiGateway', '4XXError', STAGE, 2],
  ['AWS/ApiGateway', '5XXError', STAGE, 0],
  ['AWS/ApiGateway', 'Count', { ApiName: '' }, 3],
  ['AWS/ApiGateway', 'Count', { ...STAGE, Resource: '/recall/webhooks', Method: 'POST' }, 2],
  ['AWS/Lambda', 'Invocations', VERIFIER, 2],
  ['AWS/Lambda', 'Errors', VERIFIER, 0],
  ['AWS/Lambda', 'Throttles', VERIFIER, 0],
  ['AWS/Lambda', 'Invocations', CONSUMER, 1],
  ['AWS/SQS', 'NumberOfMessagesSent', QUEUE, 1],
  ['AWS/SQS', 'NumberOfMessagesReceived', QUEUE, 1],
  ['AWS/SQS', 'NumberOfMessagesDeleted', QUEUE, 1],
  ['AWS/Events', 'MatchedEvents', { EventBusName: 'Meetbus-intake', RuleName: 'Meetbus-BusesRepublish' }, 1],
  ['AWS/Events', 'Invocations', { EventBusName: 'Meetbus-intake', RuleName: 'Meetbus-BusesRepublish' }, 1],
  ['Meetbus', 'Delivery', { service: '', provider: 'recall', outcome: 'accepted' }, 1],
])('%s %s of %j is %i', async (namespace, name, dimensions, expected) => {
  expect(await metricValue(namespace, name, dimensions)).toBe(expected);
});

it.each([
  ['AWS/ApiGateway', 'Latency', STAGE],
  ['AWS/ApiGateway', 'IntegrationLatency', STAGE],
  ['AWS/Lambda', 'Duration', VERIFIER],
  ['AWS/Lambda', 'ConcurrentExecutions', VERIFIER],
  ['AWS/DynamoDB', 'SuccessfulRequestLatency', { TableName: 'Meetbus-', Operation: 'PutItem' }],
  ['AWS/Events', 'IngestionToInvocationSuccessLatency', { EventBusName: 'Meetbus-intake', RuleName: '' }],
])('%s %s is measured', async (namespace, name, dimensions) => {
  expect(await metricValue(namespace, name, dimensions, 'SampleCount')).toBeGreaterThan(0);
});

it.each(['FailedInvocations', 'InvocationsSentToDlq'])('AWS/Events %s has no value while all is well', async (name) => {
  expect(await metricValue('AWS/Events', name, { EventBusName: '', RuleName: '' })).toBeUndefined();
});

it('a queue that fills, and a rule whose target takes nothing, show', async () => {
  const { sqs, eventBridge } = world.meetbus.clients;
  const name = `${SUBSCRIBER_PREFIX}full`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const nowhere = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
  await eventBridge.send(new PutRuleCommand({ Name: 'lost', EventPattern: '{"source":["team"]}' }));
  const Targets = [{ Id: 'queue', Arn: nowhere, DeadLetterConfig: { Arn: Attributes?.QueueArn } }];
  await eventBridge.send(new PutTargetsCommand({ Rule: 'lost', Targets }));
  await eventBridge.send(new PutEventsCommand({ Entries: [{ Source: 'team', DetailType: 't', Detail: '{}' }] }));

  const visible = () => metricValue('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: name }, 'Maximum');
  while ((await visible()) !== 2);
  for (const metric of ['MatchedEvents', 'Invocations', 'FailedInvocations', 'InvocationsSentToDlq']) {
    expect([metric, await metricValue('AWS/Events', metric, { RuleName: 'lost' })]).toEqual([metric, 1]);
  }
});

it('throttled and failed calls of the table show', async () => {
  const { awsUrl } = world.meetbus;
  const faults = [
    { service: 'dynamodb', operation: 'PutItem', fault: 'throttle', count: 1 },
    { service: 'dynamodb', operation: 'UpdateItem', fault: 'error', count: 1 },
  ];
  await fetch(`${awsUrl}/_local-cloud/faults`, { method: 'PUT', body: JSON.stringify({ faults }) });
  await world.meetbus.post(world.recall.signed(recallBody('bot.done')));
  await world.meetbus.settled();
  const table = { TableName: 'Meetbus-' };
  expect(await metricValue('AWS/DynamoDB', 'ThrottledRequests', { ...table, Operation: 'PutItem' })).toBe(1);
  expect(await metricValue('AWS/DynamoDB', 'SystemErrors', { ...table, Operation: 'UpdateItem' })).toBe(1);
});

describe('the log groups of the stack', () => {
  const linesOf = async (logGroupNamePrefix: string, filterPattern: string) => {
    const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix });
    expect(logGroups).toHaveLength(1);
    const { events = [] } = await logs.filterLogEvents({ logGroupName: logGroups[0]?.logGroupName, filterPattern });
    return events.map(({ message = '' }) => message);
  };

  it('have what functions log', async () => {
    const [line = ''] = await linesOf(
      'Meetbus-BotLaneConsumerLogs',
      '{ $.message = "event" && $.outcome = "published" }',
    );
    expect(JSON.parse(line)).toMatchObject({ type: 'bot.status_changed', providerEvent: 'bot.done' });
  });

  it('have every request, without its query string', async () => {
    const lines = await linesOf('Meetbus-IngressAccessLogs', '');
    expect(lines.map((line) => JSON.parse(line)).slice(0, 3)).toMatchObject([
      { method: 'POST', path: '/recall/webhooks', status: '200', integrationStatus: '200', responseType: '-' },
      { method: 'POST', path: '/recall/webhooks', status: '401' },
      { path: '-', status: '403', responseType: 'MISSING_AUTHENTICATION_TOKEN', integrationStatus: '-' },
    ]);
    expect(lines.join()).not.toContain('never-to-be-logged');
  });

  it('have a line for each event of the shared bus, without its data', async () => {
    const [line = ''] = await linesOf('/aws/events/Meetbus/shared', '"bot.done"');
    const { bot, ...rest } = JSON.parse(line);
    expect(rest).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f]{32}$/), type: 'bot.status_changed', source: 'meetbus.recall' },
      ...{ subject: `bot/${bot}`, time: expect.any(String), receivedtime: expect.any(String) },
      ...{ providerevent: 'bot.done', deliveryid: expect.any(String), correlationid: expect.any(String) },
    });
  });
});
