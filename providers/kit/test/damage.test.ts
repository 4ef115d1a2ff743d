/** Whatever is odd about one part of a body, the event keeps its type and all that the part does not tell. */
import { isDeepStrictEqual } from 'node:util';
import { CATALOGUE, FAMILY_OF, type MeetingEventType } from '@meetbus/events';
import fc from 'fast-check';
import { draftOf, meetingEventIn } from '../../../lambdas/publish/meeting-event';
import { REALTIMEKIT_TYPES, RECALL_TYPES } from '../../../test/support/event-types';
import { newMessage } from '../../../test/support/messages';
import { RUNTIMES } from '../../../test/support/runtimes';
import { realtimekitSamples } from '../../realtimekit/sandbox';
import { recallSamples } from '../../recall/sandbox';

/** What becomes of the members of a body, by hand: the fields of the event that each tells. */
type Told = Readonly<Record<string, readonly string[]>>;

interface Shape {
  /** Members that identify the event, beside Recall's `data`: without one of them it may be unrecognized. */
  readonly identifying: readonly string[];
  readonly told: Told;
}

const BOT: Told = { 'data.bot.id': ['data.bot'], 'data.bot.metadata': ['data.bot.metadata'] };
const CONTEXT: Told = {
  ...BOT,
  'data.recording.id': ['data.recording'],
  'data.recording.metadata': ['data.recording.metadata'],
};
const ENDPOINT: Told = {
  'data.realtime_endpoint.id': ['data.endpoint'],
  'data.realtime_endpoint.metadata': ['data.endpoint.metadata'],
};
const STATUS: Told = {
  'data.data.code': ['data.status.code'],
  'data.data.sub_code': ['data.status.subcode'],
  'data.data.updated_at': ['time'],
  'data.data.error.code': ['data.error.code'],
  'data.data.error.message': ['data.error.message'],
};

/** A status of the object of that name, which becomes the field of the other name. */
const statusOf = (object: string, field: string): Shape => ({
  identifying: [`data.${object}`, `data.${object}.id`],
  told: { ...CONTEXT, ...STATUS, [`data.${object}.metadata`]: [`data.${field}.metadata`] },
});

const PERSON: Told = {
  'data.data.participant.name': ['data.participant.name'],
  'data.data.participant.is_host': ['data.participant.ishost'],
  'data.data.participant.platform': ['data.participant.platform'],
  'data.data.participant.email': ['data.participant.email'],
  'data.data.participant.extra_data': ['data.participant.extradata'],
};

const PARTICIPANT: Shape = {
  identifying: ['data.data', 'data.data.participant'],
  told: {
    ...CONTEXT,
    ...ENDPOINT,
    ...PERSON,
    // The subject begins with the bot.
    'data.bot.id': ['data.bot', 'subject'],
    'data.data.participant.id': ['data.participant.id', 'subject'],
    'data.data.timestamp.absolute': ['time'],
    'data.data.timestamp.relative': ['data.offset'],
    'data.data.data.text': ['data.message.text'],
    'data.data.data.to': ['data.message.to'],
  },
};

const LIVE: Told = {
  ...CONTEXT,
  ...ENDPOINT,
  ...PERSON,
  'data.transcript.id': ['data.transcript', 'subject'],
  'data.transcript.metadata': ['data.transcript.metadata'],
  'data.data.participant.id': ['data.participant'],
};

const SEGMENT: Shape = { identifying: [], told: { ...LIVE, 'data.data.words': ['data.words'] } };

const RECALL: Readonly<Record<string, Shape>> = {
  bot: { identifying: ['data.bot', 'data.bot.id'], told: { ...BOT, ...STATUS } },
  'bot.status_change': {
    identifying: ['data.bot_id', 'data.status', 'data.status.code'],
    told: { 'data.status.sub_code': ['data.status.subcode'], 'data.status.created_at': ['time'] },
  },
  'bot.transcription': {
    identifying: ['data.bot_id'],
    told: {
      'data.recording_id': ['data.recording'],
      'data.transcript.speaker': ['data.participant.name'],
      'data.transcript.speaker_id': ['data.participant.id'],
      'data.transcript.words': ['data.words'],
      'data.transcript.language': ['data.language'],
    },
  },
  ...Object.fromEntries(
    [
      'participant_join',
      'participant_leave',
      'participant_screen_on',
      'participant_screen_off',
      'active_speaker_notify',
    ]
      .map((name) => `bot.${name}`)
      .map((name) => [
        name,
        { identifying: ['data.bot_id', 'data.participant_id'], told: { 'data.created_at': ['time'] } },
      ]),
  ),
  recording: statusOf('recording', 'recording'),
  realtime_endpoint: statusOf('realtime_endpoint', 'endpoint'),
  transcript: statusOf('transcript', 'transcript'),
  ...Object.fromEntries(
    ['participant_events', 'video_mixed', 'video_separate', 'audio_mixed', 'audio_separate', 'meeting_metadata'].map(
      (kind) => [kind, statusOf(kind, 'media')],
    ),
  ),
  sdk_upload: statusOf('sdk_upload', 'upload'),
  slack_team: {
    identifying: [],
    told: {
      ...STATUS,
      'data.slack_team.id': ['data.slackteam', 'subject'],
      'data.slack_team.metadata': ['data.slackteam.metadata'],
    },
  },
  slack: {
    identifying: [],
    told: {
      ...STATUS,
      'data.slack_team.id': ['data.slackteam', 'subject'],
      'data.slack_team.metadata': ['data.slackteam.metadata'],
    },
  },
  calendar: { identifying: ['data.calendar_id'], told: { 'data.last_updated_ts': ['data.lastupdatedat'] } },
  ...Object.fromEntries(
    Object.keys(recallSamples)
      .filter((name) => /^participant_events\.(?!(processing|done|failed|deleted)$)/.test(name))
      .map((name) => [name, PARTICIPANT]),
  ),
  'transcript.data': SEGMENT,
  'transcript.partial_data': SEGMENT,
  'transcript.provider_data': { identifying: [], told: { ...LIVE, 'data.data.payload': ['data.payload'] } },
};

const SITTING: Told = {
  'meeting.sessionId': ['data.meeting.sessionid'],
  'meeting.title': ['data.meeting.title'],
  'meeting.createdAt': ['data.meeting.createdat'],
  'meeting.startedAt': ['data.meeting.startedat'],
  'meeting.endedAt': ['data.meeting.endedat'],
  'meeting.organizedBy.id': ['data.meeting.organization'],
  'meeting.organizedBy.name': ['data.meeting.organization.name'],
};

const MEETING: Shape = { identifying: ['meeting', 'meeting.id'], told: { ...SITTING, reason: ['data.reason'] } };

const download = (name: string): Told => ({
  [name]: ['data.download'],
  [`${name}Expiry`]: ['data.download.expiresat'],
});

const GUEST: Told = {
  'meeting.id': ['data.meeting', 'subject'],
  'participant.peerId': ['data.participant.id', 'subject'],
  'participant.userDisplayName': ['data.participant.name'],
  'participant.customParticipantId': ['data.participant.customid'],
  'participant.joinedAt': ['data.participant.joinedat'],
  'participant.leftAt': ['data.participant.leftat'],
};

const REALTIMEKIT: Readonly<Record<string, Shape>> = {
  'meeting.started': { ...MEETING, told: { ...MEETING.told, 'meeting.startedAt': ['data.meeting.startedat', 'time'] } },
  'meeting.ended': { ...MEETING, told: { ...MEETING.told, 'meeting.endedAt': ['data.meeting.endedat', 'time'] } },
  'meeting.transcript': { ...MEETING, told: { ...SITTING, ...download('transcriptDownloadUrl') } },
  'meeting.summary': { ...MEETING, told: { ...SITTING, ...download('summaryDownloadUrl') } },
  'meeting.chatSynced': {
    identifying: ['meetingId'],
    told: {
      ...Object.fromEntries(Object.entries(SITTING).map(([path, fields]) => [path.replace('meeting.', ''), fields])),
      ...download('chatDownloadUrl'),
    },
  },
  'meeting.participantJoined': {
    identifying: ['participant'],
    told: { ...SITTING, ...GUEST, 'participant.joinedAt': ['data.participant.joinedat', 'time'] },
  },
  'meeting.participantLeft': {
    identifying: ['participant'],
    told: { ...SITTING, ...GUEST, 'participant.leftAt': ['data.participant.leftat', 'time'] },
  },
  'recording.statusUpdate': {
    // Each of the two ids stands for the other.
    identifying: ['recording'],
    told: {
      ...SITTING,
      'meeting.id': ['data.meeting.id'],
      'recording.id': ['subject', 'data.recording.id'],
      // All types of recordings are of one family.
      'recording.status': ['type', 'dataschema', 'data.status.code'],
      'recording.startedTime': ['data.recording.startedat'],
      'recording.stoppedTime': ['data.recording.stoppedat'],
      'recording.downloadUrl': ['data.download.url', 'data.download.files'],
      'recording.audioDownloadUrl': ['data.download.audiourl', 'data.download.files'],
      'recording.downloadUrlExpiry': ['data.download.expiresat'],
      'recording.outputFileName': ['data.recording.filename'],
      'recording.fileSize': ['data.recording.filesize'],
      'recording.recordingDuration': ['data.recording.duration'],
    },
  },
  'livestreaming.statusUpdate': {
    identifying: ['streamId'],
    told: {
      ...SITTING,
      'meeting.id': ['data.meeting'],
      status: ['data.status.code'],
      manualIngest: ['data.livestream.manualingest'],
      playbackUrl: ['data.livestream.playbackurl'],
      ingestServer: ['data.livestream.ingestserver'],
    },
  },
};

const GONE = Symbol('gone');
const DEEP = Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], 'odd');

/** What stands where something else belongs. */
const DAMAGES: readonly unknown[] = [
  ...[GONE, null, '', 'odd', '\0', true, 7, -1.5, JSON.rawJSON('9007199254740993'), JSON.rawJSON('1.10')],
  ...[[], ['odd'], [null], {}, { id: {} }, { id: 'odd' }, { '': [{}] }, [[{ odd: [] }]], DEEP],
];

/** Path of every member below the name of the event. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return own === 'event' ? [] : [own, ...pathsOf(member, own)];
  });
}

/** A copy with something else, or nothing, at the path. */
function at<Value>(value: Value, path: string, other: unknown): Value {
  const copy = structuredClone(value);
  const names = path.split('.');
  const last = names.pop()!;
  let node = copy as Record<string, unknown> | undefined;
  for (const name of names) node = node?.[name] as Record<string, unknown> | undefined;
  if (typeof node !== 'object' || node === null) return copy;
  if (other === GONE) Reflect.deleteProperty(node, last);
  else node[last] = other;
  return copy;
}

/** The event that a body becomes, checked by its schema. */
function eventOf(provider: 'recall' | 'realtimekit', event: string, body: object) {
  const message = newMessage({ provider, providerEvent: event, eventId: 'e', deliveryId: 'd' });
  const draft = draftOf(message, meetingEventIn(RUNTIMES[provider], message, Buffer.from(JSON.stringify(body))));
  const { success, error } = CATALOGUE[draft.type].schema.safeParse(draft);
  if (!success) throw new Error(JSON.stringify(error.issues));
  return JSON.parse(JSON.stringify(draft)) as { type: MeetingEventType };
}

/** The fields that a member tells, with all that is in it, or that it is in; of a bot also the attribute made of its id. */
const fieldsOf = ({ told }: Shape, path: string): string[] =>
  Object.entries(told).flatMap(([known, fields]) =>
    known === path || known.startsWith(`${path}.`) || path.startsWith(`${known}.`)
      ? fields.flatMap((field) => (field === 'data.bot' ? [field, 'botid'] : [field]))
      : [],
  );

/** The event without these fields, and without objects that are empty, as one may be for want of them. */
const without = (event: object, fields: readonly string[]) =>
  JSON.parse(JSON.stringify(fields.reduce((rest, field) => at(rest, field, GONE), event)), (_name, value) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value,
  ) as object;

const CASES = [
  ...Object.entries(recallSamples).map(
    ([event, body]) => ['recall', event, body, RECALL[event] ?? RECALL[event.split('.')[0]!], RECALL_TYPES] as const,
  ),
  ...Object.entries(realtimekitSamples).map(
    ([event, body]) => ['realtimekit', event, body, REALTIMEKIT[event], REALTIMEKIT_TYPES] as const,
  ),
];

it.each(CASES)(
  '%s %s outlives damage to every part that does not identify it',
  (provider, event, body, shape, types) => {
    const whole = eventOf(provider, event, body);
    expect(whole.type).toBe(types[event]);
    const paths = pathsOf(body);
    // What the table says must be about members that are there.
    expect(shape!.identifying.filter((path) => !paths.includes(path))).toEqual([]);
    const allowed = [FAMILY_OF[whole.type], 'unrecognized'];
    for (const path of paths) {
      const fields = fieldsOf(shape!, path);
      const rest = without(whole, fields);
      for (const damage of DAMAGES) {
        const made = eventOf(provider, event, at(body, path, damage));
        const where = `${path} = ${damage === GONE ? 'gone' : JSON.stringify(damage).slice(0, 40)}`;
        if (path === 'data' || shape!.identifying.includes(path)) {
          if (!allowed.includes(FAMILY_OF[made.type])) throw new Error(`${where} becomes ${made.type}.`);
        } else if (!isDeepStrictEqual(without(made, fields), rest)) {
          expect({ where, ...without(made, fields) }).toEqual({ where, ...rest });
        }
      }
    }
  },
);

it('of any body of a known name an event is made, which its schema takes', () => {
  const members = [...new Set(CASES.flatMap(([, , body]) => pathsOf(body).flatMap((path) => path.split('.'))))];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom<unknown>(...DAMAGES.filter((damage) => damage !== GONE)),
      fc.array(tie('tree'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom(...members), tie('tree'), { maxKeys: 6 }),
    ),
  }));
  const body = fc.record(
    { data: tree, meeting: tree, recording: tree, participant: tree, streamId: tree },
    { requiredKeys: [] },
  );
  const property = fc.property(fc.constantFrom(...CASES), body, ([provider, event], made) => {
    expect([FAMILY_OF[typeOf(provider, event)], 'unrecognized']).toContain(
      FAMILY_OF[eventOf(provider, event, made).type],
    );
  });
  fc.assert(property, { numRuns: 3_000 });
});

const typeOf = (provider: 'recall' | 'realtimekit', event: string) =>
  (provider === 'recall' ? RECALL_TYPES : REALTIMEKIT_TYPES)[event] as MeetingEventType;
