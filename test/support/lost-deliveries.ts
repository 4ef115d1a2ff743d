/** Bots and sessions that play, and what the APIs of their providers know of them: for tests of `meetbus backfill`. */
import { randomUUID } from 'node:crypto';
import {
  newParticipant,
  newRecording,
  newSession,
  type SessionsApi,
} from '../../providers/realtimekit/test/support/sessions-api';
import {
  newBot,
  newRecording as newBotRecording,
  newFile,
  newStatus,
  type RecallApi,
} from '../../providers/recall/test/support/recall-api';

/** A webhook that a provider sends. */
export interface Webhook {
  readonly provider: 'recall' | 'realtimekit';
  readonly body: { readonly event: string };
  /** What it reports. Two webhooks never report the same. */
  readonly reports: string;
  /** The provider's API reports it too. */
  readonly isInApi: boolean;
}

const ORGANIZATION = 'organization-1';

/** What a bot's webhooks report; puts what the API knows of it into the fake. */
export function playBot(api: RecallApi, start: number): Webhook[] {
  const at = (seconds: number, shiftMs = 0) => new Date(start + seconds * 1_000 + shiftMs).toISOString();
  const [bot, recording, transcript] = [randomUUID(), randomUUID(), randomUUID()];
  const named = { bot: { id: bot, metadata: { booking: 'room-12' } } };
  const ofRecording = { ...named, recording: { id: recording, metadata: {} } };
  const webhook = (event: string, seconds: number, objects: object, isInApi = true): Webhook => {
    const code = event.split('.')[1] ?? '';
    const data = { data: newStatus({ code, at: at(seconds) }), ...objects };
    return { provider: 'recall', body: { event, data } as never, reports: `${bot} ${event} ${seconds}`, isInApi };
  };
  // The recording is paused once, so its status comes again.
  const codes = ['joining_call', 'in_call_recording', 'in_call_not_recording', 'in_call_recording', 'done'];
  // It is open whether the API's times are exactly those of the webhooks.
  const shiftMs = api.bots.length % 3 === 0 ? 700 : 0;
  api.bots.push(
    newBot(
      bot,
      codes.map((code, index) => ({ code, at: at(10 * index, shiftMs) })),
    ),
  );
  api.lists.recording.push(newBotRecording(recording, bot, { code: 'done', at: at(60) }));
  const row = newFile(transcript, { code: 'done', at: at(90) }, { recording: ofRecording.recording });
  api.lists.transcript.push(row);
  return [
    ...codes.map((code, index) => webhook(`bot.${code}`, 10 * index, named)),
    webhook('recording.processing', 11, ofRecording, false),
    webhook('recording.done', 60, ofRecording),
    webhook('transcript.done', 90, { ...ofRecording, transcript: { id: transcript, metadata: {} } }),
  ];
}

/** The same for a session of RealtimeKit. */
export function playSession(api: SessionsApi, start: number): Webhook[] {
  const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
  const [session, meetingId, recordingId, peer] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const live = {
    ...{ id: meetingId, sessionId: session, title: 'Planning', status: 'LIVE', createdAt: at(0), startedAt: at(0) },
    organizedBy: { id: ORGANIZATION, name: 'Sample' },
  };
  const meeting = { ...live, endedAt: at(60) };
  const participant = { peerId: peer, userDisplayName: 'Guest', joinedAt: at(5) };
  const times = { startedTime: at(10), stoppedTime: at(50) };
  const recording = { id: recordingId, recordingId, meetingId, roomUUID: session };
  const webhook = (event: string, members: object, what = '', isInApi = true): Webhook => ({
    ...{ provider: 'realtimekit', body: { event, ...members }, reports: `${session} ${event} ${what}`, isInApi },
  });
  api.sessions.push({
    row: newSession(session, meetingId, { start: at(0), end: at(60) }),
    participants: [newParticipant(peer, at(5), at(55))],
    files: ['transcript'],
  });
  api.recordings.push(
    newRecording(recordingId, meetingId, session, {
      ...{ status: 'UPLOADED', invoked_time: at(9), started_time: times.startedTime, stopped_time: times.stoppedTime },
    }),
  );
  const statusOf = (status: string, members: object, isInApi = true) =>
    webhook('recording.statusUpdate', { recording: { ...recording, status, ...members }, meeting }, status, isInApi);
  return [
    webhook('meeting.started', { meeting: live }),
    webhook('meeting.participantJoined', { meeting: live, participant }),
    statusOf('INVOKED', {}, false),
    statusOf('RECORDING', { startedTime: times.startedTime }),
    webhook('meeting.participantLeft', { meeting, participant: { ...participant, leftAt: at(55) } }),
    webhook('meeting.ended', { meeting, reason: 'ALL_PARTICIPANTS_LEFT' }),
    statusOf('UPLOADING', times),
    statusOf('UPLOADED', { ...times, downloadUrl: 'https://files.example.org/a.mp4', fileSize: '1000' }),
    webhook('meeting.transcript', { meeting, transcriptDownloadUrl: 'https://files.example.org/t.csv' }),
  ];
}
