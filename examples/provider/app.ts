/** A CDK app with Meetbus and a provider of its own. */
import { App } from 'aws-cdk-lib';
import { MeetbusStack, realtimekit, recall } from 'meetbus';
import { acme } from './acme';

new MeetbusStack(new App(), 'Meetbus', { settings: { providers: [recall(), realtimekit(), acme()] } });
