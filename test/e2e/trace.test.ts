/** One delivery can be followed from its request to the event, by its ids and by its X-Ray trace. */

import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { localClientConfig } from '../../bin/local/client-config';
import { recallBody } from '../../providers/recall/sandbox';
import { cliOf, type Ran } from '../support/cli';
import { startWorld, type World } from '../support/providers';
import { SUBSCRIBER_PREFIX } from '../support/subscription';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Runs the command as a person does, without colours. */
const trace = (...args: readonly string[]): Promise<Ran> => cliOf(world.meetbus)('trace', ...args);

/** A delivery, its event on the shared bus, and what the sender was told. */
async function deliver() {
  const { meetbus, recall } = world;
  const shared = await meetbus.subscribeToAll('shared');
  const delivery = recall.signed(recallBody('bot.in_call_recording'));
  const answer = await meetbus.post(delivery);
  const [event] = await shared.collect(1);
  await meetbus.settled();
  return { delivery, answer, detail: event!.detail, correlationId: String(answer.headers['x-amz-apigw-id']) };
}

it('the X-Ray trace of a request goes with it to the targets of the shared bus', async () => {
  const { meetbus, recall } = world;
  const { sqs, eventBridge } = meetbus.clients;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${SUBSCRIBER_PREFIX}traced` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const EventBusName = meetbus.outputs.SharedBusName;
  const EventPattern = '{"source":["meetbus.recall"]}';
  await eventBridge.send(new PutRuleCommand({ Name: 'traced', EventBusName, EventPattern }));
  const Targets = [{ Id: 'queue', Arn: Attributes?.QueueArn }];
  await eventBridge.send(new PutTargetsCommand({ Rule: 'traced', EventBusName, Targets }));

  const root = 'Root=1-6b018c3f-48f1b6e8c7cb8101e5021fbb';
  const signed = recall.signed(recallBody('bot.done'));
  const answer = await meetbus.post({ ...signed, headers: { ...signed.headers, 'x-amzn-trace-id': root } });

  const received = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageSystemAttributeNames: ['AWSTraceHeader'] }),
  );
  expect(received.Messages?.[0]?.Attributes?.AWSTraceHeader).toContain(root);
  expect(JSON.parse(received.Messages?.[0]?.Body ?? '').detail.correlationid).toBe(answer.headers['x-amz-apigw-id']);
});

describe('meetbus trace', () => {
  it('shows the whole way, given the event id, the delivery id or the correlation id', async () => {
    const { detail, correlationId } = await deliver();
    expect(detail.correlationid).toBe(correlationId);

    const traces = await Promise.all([detail.id, detail.deliveryid, correlationId].map((id) => trace(id, '--json')));

    for (const { code, stdout, stderr } of traces) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const ids = { correlationId, eventId: detail.id };
      const way = JSON.parse(stdout);
      expect(way.steps).toMatchObject([
        { stage: 'request', outcome: '200', correlationId, tookMs: expect.any(Number) },
        { ...ids, stage: 'verifier', outcome: 'accepted', detail: 'bot.in_call_recording', tookMs: expect.any(Number) },
        { ...ids, stage: 'consumer', outcome: 'published', detail: 'bot.status_changed', tookMs: expect.any(Number) },
        { ...ids, stage: 'shared bus', outcome: 'published' },
      ]);
      const times: number[] = way.steps.map(({ time }: { time: string }) => Date.parse(time));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(way.steps[3].afterMs).toBe(times[3]! - times[2]!);
      expect(way.eventIds).toEqual([detail.id]);
      expect(way.correlationIds).toEqual([correlationId]);
      expect(way.missing).toBeUndefined();
      expect(way.traces[0].traceId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    }
  });

  it('shows every request that brought the event, duplicates too, for people to read', async () => {
    const { delivery, detail, correlationId } = await deliver();
    const again = await world.meetbus.post(delivery);

    const { code, stdout } = await trace(detail.id);

    expect(code).toBe(0);
    const steps = stdout
      .split('\n')
      .flatMap(
        (line) =>
          / {2}(request|verifier|consumer|shared bus) +(?:\d+ ms +)?(\S+) +(\S+)/.exec(line)?.slice(1, 4).join(' ') ??
          [],
      );
    const duplicate = String(again.headers['x-amz-apigw-id']);
    expect(steps).toEqual([
      `request 200 ${correlationId}`,
      `verifier accepted ${correlationId}`,
      `consumer published ${correlationId}`,
      `shared bus published ${correlationId}`,
      `request 200 ${duplicate}`,
      `verifier duplicate ${duplicate}`,
    ]);
    expect(stdout).toContain(`event       ${detail.id}`);
    expect(stdout).not.toContain('dlq list');
  });

  it('shows the bot of a dead real-time endpoint, whose log line the saved query finds', async () => {
    const { meetbus, recall } = world;
    const failed = recallBody('realtime_endpoint.failed', { seed: 'dead' });
    const answer = await meetbus.post(recall.signed(failed));
    await meetbus.settled();
    const { id } = (failed.data as { bot: { id: string } }).bot;

    const { stdout } = await trace(String(answer.headers['x-amz-apigw-id']));
    expect(stdout).toMatch(new RegExp(`endpoint\\.status_changed endpoint/\\S+ bot ${id}\n`));

    const found = await cliOf(meetbus)('query', 'dead-endpoints', '--json');
    expect(JSON.parse(found.stdout)).toMatchObject([{ bot: id, subject: expect.stringMatching(/^endpoint\//) }]);
  });

  it('is led astray by no id: what would forge a line, or end it, stays within its value', async () => {
    const { meetbus, recall } = world;
    const shared = await meetbus.subscribeToAll('shared');
    const id = 'x\nid=0123 type=recording.ready subject=recording/forged","id":"0123" \\ \u2028';
    const body = { event: 'bot.done', data: { bot: { id }, data: { code: 'done' } } };
    await meetbus.post(recall.signed(body, { id: 'msg_"quoted"\\ id=0123' }));
    const [event] = await shared.collect(1);
    await meetbus.settled();
    expect(event?.detail.data.bot.id).toBe(id);

    const logs = new CloudWatchLogsClient(localClientConfig(meetbus.awsUrl));
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: '/aws/events/Meetbus/shared',
        filterPattern: `"${event!.detail.id}"`,
      }),
    );
    logs.destroy();
    const clean =
      'x\uFFFDid=0123 type=recording.ready subject=recording/forged\uFFFD,\uFFFDid\uFFFD:\uFFFD0123\uFFFD \uFFFD \uFFFD';
    expect(events.map(({ message = '' }) => JSON.parse(message))).toEqual([
      {
        ...{ id: event!.detail.id, type: 'bot.status_changed', source: 'meetbus.recall', subject: `bot/${clean}` },
        ...{ time: event!.detail.time, receivedtime: event!.detail.receivedtime, providerevent: 'bot.done' },
        ...{
          deliveryid: 'msg_\uFFFDquoted\uFFFD\uFFFD id=0123',
          correlationid: event!.detail.correlationid,
          bot: clean,
        },
      },
    ]);
    expect(await trace('0123')).toMatchObject({ code: 1, stdout: '' });
    expect((await trace(event!.detail.id)).stdout).toContain(`bot/${clean}`);
  });

  it('shows a refused request, which has no event', async () => {
    const { meetbus, recall } = world;
    const answer = await meetbus.post(recall.withToken({ event: 'bot.done' }, 'wrong'));

    const { code, stdout } = await trace(String(answer.headers['x-amz-apigw-id']), '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      eventIds: [],
      steps: [
        { stage: 'request', outcome: '401' },
        { stage: 'verifier', outcome: expect.stringMatching(/token|header/) },
      ],
    });
  });

  it('says what is missing where an event stays on the intake bus', async () => {
    const { meetbus, recall } = world;
    const answer = await meetbus.post(recall.signed({ event: 'bot.flew', data: {} }));
    await meetbus.settled();

    const { stdout } = await trace(String(answer.headers['x-amz-apigw-id']));

    expect(stdout).toMatch(/consumer .*published/);
    expect(stdout).toContain('An unrecognized event stays on the intake bus.');
  });

  it.each([
    [['nothing-has-this-id'], 1, 'No log line names nothing-has-this-id. Look further back with --since'],
    [[], 2, "missing required argument 'id'"],
    [['x', '--since', 'yesterday'], 2, 'Give a number and ms, s, m, h or d'],
  ])('ends %j with %i', async (args, expected, message) => {
    const { code, stderr } = await trace(...args);
    expect(code).toBe(expected);
    expect(stderr).toContain(message);
  });
});
