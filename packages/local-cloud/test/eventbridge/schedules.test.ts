/** Rules that run by a schedule. */
import { answerSchedulesRequest } from '../../src/eventbridge/control';
import { EventBridge } from '../../src/eventbridge/event-bridge';
import type { Delivery } from '../../src/eventbridge/types';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:sweep';

function setUp() {
  const deliveries: Delivery[] = [];
  const lambda = async (delivery: Delivery) => void deliveries.push(delivery);
  const eventBridge = new EventBridge({ deliverers: { lambda } });
  const rule = (name: string, ScheduleExpression: string, State = 'ENABLED') => {
    eventBridge.putRule({ Name: name, ScheduleExpression, State });
    eventBridge.putTargets({ Name: name }, [{ Id: 't', Arn: FUNCTION }]);
  };
  return { eventBridge, deliveries, rule };
}

const ruleNames = (deliveries: readonly Delivery[]) => deliveries.map(({ rule }) => rule.name);

it('runs all that are enabled on demand, and answers when their targets are done', async () => {
  const { eventBridge, deliveries, rule } = setUp();
  rule('minutely', 'rate(1 minute)');
  rule('daily', 'rate(1 day)');
  rule('off', 'rate(1 minute)', 'DISABLED');
  eventBridge.putRule({ Name: 'by-pattern', EventPattern: { source: ['aws.events'] } });
  eventBridge.putTargets({ Name: 'by-pattern' }, [{ Id: 't', Arn: FUNCTION }]);

  expect(await eventBridge.runSchedules()).toEqual(['daily', 'minutely']);
  expect(ruleNames(deliveries).sort()).toEqual(['daily', 'minutely']);
  expect(JSON.parse(deliveries[0]!.payload)).toEqual({
    version: '0',
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    region: 'us-east-1',
    resources: [deliveries[0]!.rule.arn],
    detail: {},
  });
  await eventBridge.close();
});

it('runs each when its time has come, the first time a period after it was made', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  try {
    const { eventBridge, deliveries, rule } = setUp();
    rule('minutely', 'rate(1 minute)');
    rule('every-other', 'rate(2 minutes)');
    eventBridge.startSchedules();
    const after = async (seconds: number) => {
      jest.advanceTimersByTime(seconds * 1_000);
      await eventBridge.idle();
      return ruleNames(deliveries.splice(0)).sort();
    };
    expect(await after(60)).toEqual([]);
    expect(await after(1)).toEqual(['minutely']);
    expect(await after(60)).toEqual(['every-other', 'minutely']);
    await eventBridge.close();
    expect(await after(600)).toEqual([]);
  } finally {
    jest.useRealTimers();
  }
});

it('is for the default bus alone, as on AWS', () => {
  const { eventBridge } = setUp();
  eventBridge.createBus('orders');
  const put = () => eventBridge.putRule({ Name: 'r', EventBusName: 'orders', ScheduleExpression: 'rate(1 minute)' });
  expect(put).toThrow('ScheduleExpression is supported only on the default event bus.');
});

it('is run over HTTP by a POST alone', async () => {
  const { eventBridge, rule } = setUp();
  rule('minutely', 'rate(1 minute)');
  const posted = await answerSchedulesRequest(eventBridge, 'POST');
  expect([posted.status, JSON.parse(String(posted.body))]).toEqual([200, { ran: ['minutely'] }]);
  expect((await answerSchedulesRequest(eventBridge, 'GET')).status).toBe(405);
  await eventBridge.close();
});
