/** A subscriber's Lambda function, as an ES module. */
import { type EventBridgeEvent, parseMeetingEvent } from 'meetbus/events';

export const handler = async (event: EventBridgeEvent): Promise<string> => {
  const { type, data } = parseMeetingEvent(event);
  return type === 'recording.ready' ? data.recording.id : type;
};
