/** A subscriber's Lambda function, as an ES module. */
import { type EventBridgeEvent, type MeetingEvent, parseMeetingEvent } from '@meetbus/events';

const nameOf = ({ data }: MeetingEvent<'recording.ready'>): string => data.recording.id;

export const handler = async (event: EventBridgeEvent): Promise<string> => {
  const meetingEvent = parseMeetingEvent(event);
  // @ts-expect-error: a field that only some types have
  if (meetingEvent.data.recording?.idd !== undefined) return 'never';
  return meetingEvent.type === 'recording.ready' ? nameOf(meetingEvent) : meetingEvent.type;
};
