import { realtimekitVariants, recallVariants, type Variant } from '../../../variants';
import { ALL_REALTIMEKIT, ALL_RECALL } from './names';

/** The value at a dotted path; undefined where the path ends early. */
function at(variant: Variant, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | null)?.[key], variant.body);
}

const lists: [provider: string, variants: readonly Variant[], names: string[]][] = [
  ['recall', recallVariants, ALL_RECALL],
  ['realtimekit', realtimekitVariants, ALL_REALTIMEKIT],
];

describe.each(lists)('the variants of %s', (_provider, variants, names) => {
  it('have names of their own', () => {
    expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
  });

  it.each(variants)('"$name" is a $event with a reason', ({ event, body, why }) => {
    expect(names).toContain(event);
    expect(body.event).toBe(event);
    expect(why).toMatch(/\w.*\.$/);
    expect(JSON.parse(JSON.stringify(body))).toStrictEqual(body);
  });
});

type Fact = [event: string, fact: string, holds: (variant: Variant) => boolean];

const recallFacts: Fact[] = [
  ['recording.done', 'bot null', (v) => at(v, 'data.bot') === null],
  ['recording.failed', 'bot absent', (v) => at(v, 'data.bot') === undefined],
  ['participant_events.join', 'bot null', (v) => at(v, 'data.bot') === null],
  ['participant_events.join', 'participant id null', (v) => at(v, 'data.data.participant.id') === null],
  ['participant_events.update', 'email absent', (v) => at(v, 'data.data.participant.email') === undefined],
  ['transcript.data', 'start null', (v) => at(v, 'data.data.words.0.start_timestamp') === null],
  ['transcript.data', 'end null', (v) => at(v, 'data.data.words.1.end_timestamp') === null],
  ['transcript.data', 'absolute on words', (v) => !!at(v, 'data.data.words.0.start_timestamp.absolute')],
  ['bot.in_call_recording', 'metadata absent', (v) => at(v, 'data.bot.metadata') === undefined],
  ['bot.call_ended', 'unknown sub code', (v) => at(v, 'data.data.sub_code') === 'a_sub_code_of_next_year'],
  ['bot.fatal', 'sub code absent', (v) => at(v, 'data.data.sub_code') === undefined],
  ['transcript.failed', 'Zoom sub code', (v) => at(v, 'data.data.sub_code') === 'zoom_captions_failure'],
  ['transcript.provider_data', 'payload of text', (v) => typeof at(v, 'data.data.payload') === 'string'],
  ['recording.done', 'unknown field', (v) => at(v, 'sent_by') !== undefined],
];

const realtimekitFacts: Fact[] = [
  ['meeting.chatSynced', 'no title', (v) => !('title' in v.body) && !('meeting' in v.body)],
  ['meeting.chatSynced', 'no dates', (v) => !('createdAt' in v.body) && !('endedAt' in v.body)],
  ['livestreaming.statusUpdate', 'id and status only', (v) => Object.keys(v.body).join() === 'event,streamId,status'],
  ['meeting.ended', 'end null', (v) => at(v, 'meeting.endedAt') === null],
  ['meeting.ended', 'end absent', (v) => at(v, 'meeting.endedAt') === undefined],
  ['meeting.started', 'room name', (v) => at(v, 'meeting.roomName') !== undefined],
  ['meeting.participantJoined', 'older id', (v) => at(v, 'participant.clientSpecificId') !== undefined],
  ['recording.statusUpdate', 'size a number', (v) => typeof at(v, 'recording.fileSize') === 'number'],
  ['recording.statusUpdate', 'size absent', (v) => at(v, 'recording.fileSize') === undefined],
  ['recording.statusUpdate', 'status INVOKED', (v) => at(v, 'recording.status') === 'INVOKED'],
  ['recording.statusUpdate', 'no meeting id of its own', (v) => at(v, 'recording.meetingId') === undefined],
  ['recording.statusUpdate', 'no file name', (v) => at(v, 'recording.outputFileName') === undefined],
  [
    'recording.statusUpdate',
    'time with a space',
    (v) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}Z$/.test(String(at(v, 'recording.startedTime'))),
  ],
  [
    'recording.statusUpdate',
    'two meeting ids',
    (v) =>
      !!at(v, 'meeting.id') && !!at(v, 'recording.meetingId') && at(v, 'meeting.id') !== at(v, 'recording.meetingId'),
  ],
  [
    'recording.statusUpdate',
    'only its own meeting id',
    (v) => !('meeting' in v.body) && !!at(v, 'recording.meetingId'),
  ],
];

it.each([
  ...recallFacts.map((fact) => [...fact, recallVariants] as const),
  ...realtimekitFacts.map((fact) => [...fact, realtimekitVariants] as const),
])('there is a %s with: %s', (event, _fact, holds, variants) => {
  expect(variants.some((variant) => variant.event === event && holds(variant))).toBe(true);
});
