/** The CDK app: one stack, `Meetbus`, checked against the AWS Solutions rules. */
import { App } from 'aws-cdk-lib';
import { ConfigurationError, type MeetbusSettings, settingsInContext } from '../lib/configuration';
import { MeetbusStack } from '../lib/meetbus-stack';
import { checkAwsSolutions } from '../lib/nag';

try {
  const app = new App();
  const stack = new MeetbusStack(app, 'Meetbus', {
    settings: settingsInContext(app.node.tryGetContext('meetbus')) as MeetbusSettings,
    description: 'Meetbus: webhooks of meeting platforms in, meeting events on EventBridge out.',
  });
  checkAwsSolutions(app, stack.meetbus);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  // Exit at once: otherwise the app would write a template without resources, whose deployment would delete everything.
  process.exit(1);
}
