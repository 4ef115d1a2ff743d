/** Outputs of the stack by which commands go. */
import { Template } from 'aws-cdk-lib/assertions';
import type { MeetbusSettings } from '../../lib/configuration';
import { MeetbusStack } from '../../lib/meetbus-stack';
import { newTestApp } from '../support/template';

const outputsWith = (settings: MeetbusSettings) =>
  Template.fromStack(new MeetbusStack(newTestApp(), 'Meetbus', { settings })).findOutputs('*');

it('tell the lists of senders, and leave out those that are empty: an output may not be', () => {
  const isList = (name: string) => /^Realtimekit\w+Ids$/.test(name);
  expect(Object.keys(outputsWith({})).filter(isList)).toEqual([]);
  expect(outputsWith({ realtimekit: { organizationIds: ['org-a', 'org-b'], webhookIds: ['*'] } })).toMatchObject({
    RealtimekitOrganizationIds: { Value: 'org-a,org-b' },
    RealtimekitWebhookIds: { Value: '*' },
  });
});
