export type { MeetingOptions, SampleDelivery } from './delivery';
export { realtimekitMeeting } from './realtimekit/meeting';
export { recallMeeting } from './recall/meeting';
