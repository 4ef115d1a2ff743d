import { toBusEvent } from '../../src/eventbridge/put-events';
import { inputFault, targetPayload } from '../../src/eventbridge/target-input';
import type { Target } from '../../src/eventbridge/types';

const RULE = { name: 'to-team', arn: 'arn:aws:events:us-east-1:000000000000:rule/shared/to-team', busName: 'shared' };
const NOW = new Date('2026-11-21T08:00:00.123Z');
const EVENT = toBusEvent(
  {
    Source: 'shop.orders',
    DetailType: 'order.changed',
    Detail: '{"id":12345678901234567890,"bot":{"id":"b1"},"say":"a \\"b\\"","n":1.0,"list":["x","y"]}',
  },
  NOW,
);
const target = (settings: Partial<Target>): Target => ({ Id: 't', Arn: 'arn:aws:sqs:us-east-1:0:q', ...settings });
const transform = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  target({ InputTransformer: { InputTemplate, InputPathsMap } });

const PATHS = {
  id: '$.detail.id',
  bot: '$.detail.bot',
  botId: '$.detail.bot.id',
  say: '$.detail.say',
  no: '$.detail.no',
  list: '$.detail.list',
};

describe('what a target receives', () => {
  it.each<[what: string, target: Target, payload: string]>([
    ['the envelope', target({}), EVENT.text],
    ['Input as it stands', target({ Input: ' {"a": 1} ' }), ' {"a": 1} '],
    ['InputPath', target({ InputPath: '$.detail.bot' }), '{"id":"b1"}'],
    ['InputPath to a large number', target({ InputPath: '$.detail.id' }), '12345678901234567890'],
    ['InputPath to nothing', target({ InputPath: '$.detail.no' }), 'null'],
    [
      'values as JSON',
      transform('{"i":<id>,"b":<bot>,"s":<botId>}', PATHS),
      '{"i":12345678901234567890,"b":{"id":"b1"},"s":"b1"}',
    ],
    ['a string inside quotes', transform('{"s":"<botId>"}', PATHS), '{"s":"b1"}'],
    ['a number inside quotes', transform('"bot <botId> has <id>"', PATHS), '"bot b1 has 12345678901234567890"'],
    ['an object inside quotes loses its own', transform('"<bot>"', PATHS), '"{id:b1}"'],
    ['escaped quotes of a value', transform('{"s":"he said <say>"}', PATHS), '{"s":"he said a \\"b\\""}'],
    ['escaped quotes of the template', transform('{"s":"\\"<botId>\\""}', PATHS), '{"s":"\\"b1\\""}'],
    ['a missing path', transform('{"s":"<no>","v":<no>}', PATHS), '{"s":"","v":""}'],
    ['an array in an object', transform('{"l":<list>}', PATHS), '{"l":["x","y"]}'],
    ['an array inside quotes of a text', transform('"<list> listed"', PATHS), '"[x,y] listed"'],
    ['lines of text', transform('"<list> listed"\n"<botId> said"', PATHS), '"[x,y] listed"\n"b1 said"'],
    ['text that looks like an object', transform('"{<botId> of <bot>"', PATHS), '"{b1 of {id:b1}"'],
    ['an array alone', transform('<list>', PATHS), '["x","y"]'],
    ['arrays in an array', transform('[<list>, <bot>]', PATHS), '[["x","y"], {"id":"b1"}]'],
    ['plain text', transform('<botId> and <botId>', PATHS), '"b1" and "b1"'],
    ['a lone <', transform('"1 < 2 <botId>"', PATHS), '"1 < 2 b1"'],
    ['the rule', transform('[<aws.events.rule-name>,"<aws.events.rule-arn>"]'), `["to-team","${RULE.arn}"]`],
    ['the ingestion time', transform('{"t":<aws.events.event.ingestion-time>}'), '{"t":"2026-11-21T08:00:00.123Z"}'],
    ['the whole event', transform('{"e":<aws.events.event.json>}'), `{"e":${EVENT.text}}`],
  ])('%s', (_what, settings, payload) => {
    expect(inputFault(settings)).toBeUndefined();
    expect(targetPayload(settings, RULE, EVENT)).toBe(payload);
  });

  it('has the event without its detail', () => {
    const { detail, ...head } = JSON.parse(EVENT.text);
    expect(detail).toBeDefined();
    expect(JSON.parse(targetPayload(transform('<aws.events.event>'), RULE, EVENT))).toEqual(head);
  });
});

describe('what AWS does not deliver', () => {
  it.each<[what: string, target: Target]>([
    ['an array inside quotes of an object', transform('{"x":"<list>"}', PATHS)],
    ['an object inside quotes of an object', transform('{"path":"bots/<bot>","bot":<bot>}', PATHS)],
    ['the event inside quotes of an object', transform('{"e":"<aws.events.event.json>"}')],
    ['text after an array', transform('<list> listed', PATHS)],
    ['text before an object', transform('the bot <bot>', PATHS)],
    ['two arrays', transform('<list> <list>', PATHS)],
  ])('%s', (_what, settings) => {
    expect(inputFault(settings)).toBeUndefined();
    expect(() => targetPayload(settings, RULE, EVENT)).toThrow(expect.objectContaining({ code: 'INVALID_JSON' }));
  });
});

describe('settings that AWS would not take', () => {
  it.each<[settings: Target, fault: RegExp]>([
    [target({ Input: 'plain' }), /not valid JSON/],
    [target({ Input: '1', InputPath: '$' }), /Only one of/],
    [target({ InputPath: 'detail' }), /InputPath detail is not a path/],
    [transform('<a>', { a: 'detail' }), /detail of InputPathsMap is not a path/],
    [transform('<a>'), /placeholder <a> that InputPathsMap does not define/],
    [transform('<toString>'), /placeholder <toString>/],
    [transform('x', { 'aws.events.rule-arn': '$' }), /reserved/],
    [transform(''), /InputTemplate must have 1 to 8192 characters/],
    [transform('x'.repeat(8_193)), /InputTemplate must have 1 to 8192 characters/],
    [transform('<a b>', { 'a b': '$' }), /names a variable a b/],
    [transform('x', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n}`, '$']))), /at most 100/],
    [transform('{"a":<bot>', PATHS), /not JSON with values/],
    [transform(' {"a":<bot>,}', PATHS), /not JSON with values/],
    [transform('{<botId>:1}', PATHS), /not JSON with values/],
    [transform('{"a":"<botId>}', PATHS), /not JSON with values/],
  ])('%j', (settings, fault) => {
    expect(inputFault(settings)).toMatch(fault);
  });
});
