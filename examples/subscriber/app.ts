/** A CDK app of a team that uses the recordings of its meetings. */
import { App } from 'aws-cdk-lib';
import { RecordingsStack } from './recordings-stack';

const app = new App();
new RecordingsStack(app, 'Recordings', {
  // The name of the stack that Meetbus was deployed as, in the same account and region.
  meetbusName: app.node.tryGetContext('meetbusName') ?? 'Meetbus',
});
