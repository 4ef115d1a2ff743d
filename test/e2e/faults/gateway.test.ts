/** API Gateway cannot reach a verifier: that is never an answer below 500, at which a provider would drop the event. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { localClientConfig } from '../../../bin/local/client-config';
import { type MeetbusCloud, startMeetbusCloud } from '../../../bin/local/cloud';
import { savedQueriesOf } from '../../../lib/monitoring/queries';
import { copyAssembly } from '../../support/assembly';
import { send } from '../../support/http';
import { RealtimeKit, Recall } from '../../support/providers';
import { until } from '../../support/until';
import { ROUTES } from './faults';

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties of any type of resource.
  readonly Properties: Record<string, any>;
}

/** Why it cannot reach one, and the change of a resource that makes it so. */
const CAUSES: Readonly<Record<string, (resource: Resource) => void>> = {
  'Lambda throttles the function': ({ Type, Properties }) => {
    if (Type === 'AWS::Lambda::Function') Properties.ReservedConcurrentExecutions = 0;
  },
  'the function takes longer than the gateway waits': ({ Type, Properties }) => {
    // Nothing starts within a millisecond.
    if (Type === 'AWS::ApiGateway::Method') Properties.Integration.TimeoutInMillis = 1;
  },
  'nothing allows it': ({ Type, Properties }) => {
    if (Type === 'AWS::Lambda::Permission') Properties.Principal = 'events.amazonaws.com';
  },
};

describe.each(Object.entries(CAUSES))('%s', (_, change) => {
  const cdkOut = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
  const providers = { recall: new Recall(), realtimekit: new RealtimeKit() };
  let cloud: MeetbusCloud;

  beforeAll(async () => {
    copyAssembly<Resource>(cdkOut, change);
    cloud = await startMeetbusCloud({ cdkOut, stackName: 'Meetbus', port: 0, awsPort: 0, onStep: () => {} });
  });
  afterAll(async () => {
    await cloud.close();
    rmSync(cdkOut, { recursive: true });
  });

  const post = (route: string) => {
    const delivery = ROUTES[route]!(providers, randomUUID());
    return send(new URL(delivery.path.slice(1), cloud.apiUrl), delivery);
  };

  it.each(Object.keys(ROUTES))('%s is answered 503', async (route) => {
    const { status, headers, body } = await post(route);
    expect({ status, body }).toEqual({ status: 503, body: '{"status":"unavailable"}' });
    expect(headers['retry-after']).toBe('2');
  });

  it('is found by the saved query for what the gateway refuses', async () => {
    const [filter = ''] = savedQueriesOf([]).find(({ name }) => name === 'gateway-refusals')!.commands;
    const [, condition] = /(integrationStatus .+)$/.exec(filter)!;
    const logs = new CloudWatchLogs(localClientConfig(cloud.awsUrl));
    const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: 'Meetbus-IngressAccessLogs' });
    const logGroupName = logGroups[0]?.logGroupName;
    await post(Object.keys(ROUTES)[0]!);
    await until(async () => {
      const { events = [] } = await logs.filterLogEvents({ logGroupName, filterPattern: `{ $.${condition} }` });
      return events.some(({ message = '' }) => JSON.parse(message).status === '503');
    }, 'the line of the access log');
    logs.destroy();
  });
});
