/** A CDK app of somebody who has installed the package: a Meetbus of their own, and a queue for finished recordings. */
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Meetbus, type MeetbusSettings, MeetingEventSubscription, SubscriptionTarget } from 'meetbus';
import { CONTRACT_VERSION, type MeetingEventType } from 'meetbus/events';

const settings: MeetbusSettings = {
  archiveDays: 90,
  recall: { requireSignature: true },
};
const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Own', { description: `Contract ${CONTRACT_VERSION}` });
const meetbus = new Meetbus(stack, 'Meetbus', settings);
const type = 'recording.ready' satisfies MeetingEventType;
new MeetingEventSubscription(stack, 'Recordings', {
  meetbus,
  types: [type],
  target: SubscriptionTarget.queue(new Queue(stack, 'Queue')),
});
app.synth();
console.log(JSON.stringify(meetbus.configuration));
