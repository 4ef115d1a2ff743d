import type { Proof } from '@meetbus/events';
import fc from 'fast-check';
import { groupIdOf, presentable } from '../../../lambdas/ingest/delivery-message';
import { familyOf } from '../../../lambdas/ingest/family';
import { readBody } from '../../../providers/kit/body';
import { recall } from '../../../providers/recall';
import { runtime } from '../../../providers/recall/runtime';
import { recallSamples } from '../../../providers/recall/sandbox';

/** The live events of a call, written out: whoever has a token can forge them, and nothing else. */
const REAL_TIME_EVENTS = [
  ...['join', 'leave', 'update', 'speech_on', 'speech_off', 'webcam_on', 'webcam_off'].map(
    (e) => `participant_events.${e}`,
  ),
  ...['screenshare_on', 'screenshare_off', 'chat_message'].map((e) => `participant_events.${e}`),
  ...['data', 'partial_data', 'provider_data'].map((e) => `transcript.${e}`),
  // As the API v1.10 names them, which signs none of them.
  ...['participant_join', 'participant_leave', 'participant_screen_on', 'participant_screen_off'].map(
    (e) => `bot.${e}`,
  ),
  ...['active_speaker_notify', 'transcription'].map((e) => `bot.${e}`),
];

const chosen = (body: string | Buffer, proof: Proof = 'signature') =>
  familyOf(runtime, readBody(Buffer.from(body), runtime), proof);

it.each([
  ['{"event":"bot.done"}', { family: 'bot' }],
  ['{"event":"transcript.data"}', { family: 'transcript' }],
  ['{"event":"participant_events.done"}', { family: 'recording' }],
  ['\uFEFF{"event":"bot.done"}', { family: 'bot' }],
  ['{"event":"bot.a_new_status"}', { family: 'bot' }],
  ['{"event":"galaxy.discovered"}', { family: 'unrecognized', unrecognized: 'unknown_event_name' }],
  ['{"event":"participant_events.waved"}', { family: 'unrecognized', unrecognized: 'unknown_event_name' }],
  ['{"event":"constructor.name"}', { family: 'unrecognized', unrecognized: 'unknown_event_name' }],
  ['{"event":"toString"}', { family: 'unrecognized', unrecognized: 'unknown_event_name' }],
  ['{"event":7}', { family: 'unrecognized', unrecognized: 'no_event_name' }],
  ['{"__proto__":{"event":"bot.done"}}', { family: 'unrecognized', unrecognized: 'no_event_name' }],
  ['{}', { family: 'unrecognized', unrecognized: 'no_event_name' }],
  ['null', { family: 'unrecognized', unrecognized: 'no_event_name' }],
  ['[1]', { family: 'unrecognized', unrecognized: 'no_event_name' }],
  ['', { family: 'unrecognized', unrecognized: 'not_json' }],
  ['{"event":"bot.done"', { family: 'unrecognized', unrecognized: 'not_json' }],
  [Buffer.from([0xff, 0xfe]), { family: 'unrecognized', unrecognized: 'not_json' }],
])('%s goes to %j', (body, expected) => {
  expect(chosen(body)).toEqual(expected);
});

describe('a token alone', () => {
  it.each(REAL_TIME_EVENTS)('proves %s', (event) => {
    expect(chosen(JSON.stringify({ event }), 'token')).toEqual(chosen(JSON.stringify({ event })));
    expect(chosen(JSON.stringify({ event }), 'token').family).toMatch(/^(participant|transcript)$/);
  });

  it.each([
    ...Object.keys(recallSamples).filter((event) => !REAL_TIME_EVENTS.includes(event)),
    ...[
      'bot.done',
      'bot.log',
      'bot.output_log',
      'bot.participant_in_waiting_room',
      'recording.done',
      'calendar.update',
    ],
    ...['participant_events.waved', 'transcript.data.more', 'Transcript.data', 'galaxy.discovered', 'toString'],
  ])('does not prove %s', (event) => {
    expect(chosen(JSON.stringify({ event }), 'token')).toEqual({
      family: 'unrecognized',
      unrecognized: 'signature_required',
    });
  });

  it('keeps what has no name as what it is', () => {
    expect(chosen('{}', 'token').unrecognized).toBe('no_event_name');
    expect(chosen('junk', 'token').unrecognized).toBe('not_json');
  });
});

it('reads any bytes without failing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (body) => {
        expect(recall().families).toContain(chosen(body).family);
      },
    ),
  );
});

it('makes texts presentable, and keeps out ids that SQS would refuse', () => {
  expect(presentable('bot.done')).toBe('bot.done');
  expect(presentable('a\u0000b\ud800c\uFFFE')).toBe('a\uFFFDb\uFFFDc\uFFFD');
  expect(presentable('a"b\\c\nd\u2028e')).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe');
  expect(presentable('x'.repeat(1_000))).toHaveLength(256);
  expect(groupIdOf('6f0c1c1e-0a51-4a43')).toBe('6f0c1c1e-0a51-4a43');
  for (const id of ['', 'a b', 'é', 'x'.repeat(129), undefined]) expect(groupIdOf(id)).toBeUndefined();
});
