/** What `meetbus` exports: the constructs and the built-in providers. The contract is `meetbus/events`. */
export * from '../providers';
export { ConfigurationError, type MeetbusSettings } from './configuration';
export { type IMeetbus, Meetbus, type MeetbusLocation } from './meetbus';
export { MeetbusStack, type MeetbusStackProps } from './meetbus-stack';
export {
  MeetingEventSubscription,
  type MeetingEventSubscriptionProps,
  type SubscriptionRetry,
} from './meeting-event-subscription';
export type { EntityFilter, MeetingEventFilter, OneOrMore, SubscribableType } from './subscription/pattern';
export {
  allowMeetingEvents,
  MeetingEventBus,
  type MeetingEventBusProps,
  type MeetingEventSender,
} from './subscription/receiving';
export { type QueueTargetOptions, SubscriptionTarget } from './subscription/target';
