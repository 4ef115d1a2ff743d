/** A subscriber's Lambda function, as an ES module. */
import { type EventBridgeEvent, parseMeetingEvent } from 'meetbus/events';

export const handler = async (event: EventBridgeEvent): Promise<string> => {
  const { type, data } = parseMeetingEvent(event);
  if (type !== 'recording.ready') return type;
  // @ts-expect-error: a misspelt name
  if (data.recording.idd !== undefined || data.bott !== undefined) return 'never';
  return data.recording.id;
};
