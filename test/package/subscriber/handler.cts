/** The same as CommonJS. */
import contract = require('@meetbus/events');

export const handler = async (event: contract.EventBridgeEvent): Promise<string> => {
  const { type, data } = contract.parseMeetingEvent(event);
  if (type !== 'recording.ready') return type;
  // @ts-expect-error: a misspelt name
  if (data.recording.idd !== undefined || data.bott !== undefined) return 'never';
  return data.recording.id;
};
