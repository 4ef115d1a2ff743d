export type { MeetingOptions, SampleDelivery } from './kit/sandbox/delivery';
export { realtimekitMeeting } from './realtimekit/sandbox/meeting';
export { recallMeeting } from './recall/sandbox/meeting';
