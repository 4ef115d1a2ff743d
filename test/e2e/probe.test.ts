/** The probe: it goes the whole way, its alarms tell every break of the way, and nothing else of it is seen. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { localClientConfig } from '../../bin/local/client-config';
import { alarmsNow } from '../support/alarms';
import { comeBackAfter } from '../support/faults';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import { until } from '../support/until';

let meetbus: Meetbus;
let client: CloudWatchClient;

beforeAll(async () => {
  meetbus = await startMeetbus();
  await meetbus.setProbe('on');
  await comeBackAfter(meetbus, 1);
  client = new CloudWatchClient(localClientConfig(meetbus.awsUrl));
});
afterAll(async () => {
  client.destroy();
  await meetbus.stop();
});

const arrivals = (): number => meetbus.functionLog().toString().split('"ProbeQueue":').length - 1;

it('works', async () => {
  const before = Date.now();
  await meetbus.runSchedules();
  console.log('schedules', Date.now() - before);
  await until(() => arrivals() >= 6, 'six').catch(() => {});
  console.log('arrived', Date.now() - before, arrivals());
  for (let i = 0; i < 10; i++) {
    const a = Date.now();
    const n = arrivals();
    await meetbus.runSchedules();
    const b = Date.now();
    await until(() => arrivals() >= n + 6, 'six').catch(() => {});
    const c = Date.now();
    await meetbus.advanceMinutes(1);
    const firing = (await alarmsNow(client))
      .filter(({ isFiring, name }) => isFiring && name.includes(''))
      .map(({ name }) => name);
    console.log(b - a, c - b, Date.now() - c, firing.join());
  }
  console.log(meetbus.functionLog().toString().slice(0, 6000));
});
