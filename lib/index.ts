/** What `import … from 'meetbus'` gives: the constructs. The contract is `meetbus/events`. */
export { ConfigurationError, type MeetbusSettings } from './configuration';
export { type IMeetbus, Meetbus, type MeetbusLocation } from './meetbus';
export { MeetbusStack, type MeetbusStackProps } from './meetbus-stack';
