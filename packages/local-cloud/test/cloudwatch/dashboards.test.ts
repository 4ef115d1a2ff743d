/** Dashboards through the SDK's client: as the template has them, with what they refer to resolved. */
import { startCloudWatch } from './fixture';

let cloud: Awaited<ReturnType<typeof startCloudWatch>>;
beforeAll(async () => {
  const DashboardBody = { 'Fn::Join': ['', ['{"queue":"', { 'Fn::GetAtt': ['Queue', 'QueueName'] }, '"}']] };
  cloud = await startCloudWatch({
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'calls' } },
    Flow: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: 'flow', DashboardBody } },
  });
});
afterAll(() => cloud.close());

it('has the dashboard of the template', async () => {
  await expect(cloud.client.getDashboard({ DashboardName: 'flow' })).resolves.toMatchObject({
    DashboardName: 'flow',
    DashboardArn: 'arn:aws:cloudwatch::000000000000:dashboard/flow',
    DashboardBody: '{"queue":"calls"}',
  });
});

it('names one that is not there, as CloudWatch does', async () => {
  await expect(cloud.client.getDashboard({ DashboardName: 'other' })).rejects.toMatchObject({
    name: 'ResourceNotFound',
    message: 'The template has no dashboard other.',
  });
});
