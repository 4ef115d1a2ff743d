/** LiveKit's event names and the types they become. */
import type { MeetingEventType } from '@meetbus/events';
import { egressIn, isLivestream } from './egress';

/** Events about an egress are of two families: its outputs decide. */
export const EGRESS_EVENTS = ['egress_started', 'egress_updated', 'egress_ended'] as const;

/** The type by the source of a track: what a participant does to be seen and heard has a type of its own. */
export const TRACK_TYPES = {
  CAMERA: ['participant.webcam_started', 'participant.webcam_stopped'],
  MICROPHONE: ['participant.microphone_started', 'participant.microphone_stopped'],
  SCREEN_SHARE: ['participant.screenshare_started', 'participant.screenshare_stopped'],
} as const;

/** The type of a stored egress by its status. */
export const RECORDING_TYPES = {
  // EGRESS_STARTING is a request that no pipeline has fulfilled yet.
  EGRESS_ACTIVE: 'recording.started',
  EGRESS_ENDING: 'recording.uploading',
  EGRESS_COMPLETE: 'recording.ready',
  // The longest length was reached. What was recorded until then is stored.
  EGRESS_LIMIT_REACHED: 'recording.ready',
  EGRESS_FAILED: 'recording.failed',
  EGRESS_ABORTED: 'recording.failed',
} as const;

/** Types of events whose name decides the family. */
const TYPES: Readonly<Record<string, MeetingEventType>> = {
  room_started: 'meeting.started',
  room_finished: 'meeting.ended',
  participant_joined: 'participant.joined',
  participant_left: 'participant.left',
  participant_connection_aborted: 'participant.connection_aborted',
  track_published: 'track.published',
  track_unpublished: 'track.unpublished',
  ingress_started: 'ingress.status_changed',
  ingress_ended: 'ingress.status_changed',
  agent_job_started: 'bot.status_changed',
  agent_job_ended: 'bot.status_changed',
};

/** A type of the family of an event; undefined for a name that Meetbus does not know. */
export function livekitTypeOf(event: string, body: unknown): MeetingEventType | undefined {
  if ((EGRESS_EVENTS as readonly string[]).includes(event))
    return isLivestream(egressIn(body)) ? 'livestream.status_changed' : 'recording.status_changed';
  return Object.hasOwn(TYPES, event) ? TYPES[event] : undefined;
}
