/** The events of Acme Rooms, and the types of meeting events that they become. */
import type { MeetingEventType } from '@meetbus/events';

export const TYPES: Readonly<Record<string, MeetingEventType>> = {
  'room.opened': 'meeting.started',
  // No other provider has whiteboards. Whoever subscribes to media gets them too, and tells them by their kind.
  'whiteboard.exported': 'media.ready',
};
