import fc from 'fast-check';
import { groupIdOf, presentable } from '../../../lambdas/ingest/delivery-message';
import { familyOf } from '../../../lambdas/ingest/family';
import { readBody } from '../../../lambdas/providers/body';
import { recallIntake } from '../../../lambdas/providers/recall/intake';

const chosen = (body: string | Buffer) => familyOf(recallIntake, readBody(Buffer.from(body)));

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

it('reads any bytes without failing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (body) => {
        expect(recallIntake.families).toContain(chosen(body).family);
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
