/** The stack's template with other settings, synthesized in this process and without bundling the functions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MeetbusStack } from '../../lib/meetbus-stack';
import { PROJECT_ROOT } from './synth';

/** Synthesizes the stack with this value of the context `meetbus`. */
export function synthTemplate(meetbus: object): Template {
  const { context } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'cdk.json'), 'utf8'));
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  return Template.fromStack(new MeetbusStack(app, 'Meetbus', { settings: meetbus }));
}
