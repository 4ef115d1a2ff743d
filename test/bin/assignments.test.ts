/** Changes of members of a body, as `--set` says them. */
import { assignmentOf, withAssignments } from '../../bin/assignments';
import { readExactly } from '../../providers/kit/body';

const BODY = { event: 'bot.done', data: { bot: { id: 'b', metadata: null }, words: [{ text: 'a' }, { text: 'b' }] } };

/** The body with these changes, as it is sent. */
const sent = (body: unknown, ...texts: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(withAssignments(body, texts.map(assignmentOf))));

it.each([
  ['event=bot.fatal', { ...BODY, event: 'bot.fatal' }],
  ['data.bot.metadata.team=blue', { ...BODY, data: { ...BODY.data, bot: { id: 'b', metadata: { team: 'blue' } } } }],
  ['data.words[1].text=c', { ...BODY, data: { ...BODY.data, words: [{ text: 'a' }, { text: 'c' }] } }],
  ['data.words.1.text=c', { ...BODY, data: { ...BODY.data, words: [{ text: 'a' }, { text: 'c' }] } }],
  ['data.words[2]={"text":"c"}', { ...BODY, data: { ...BODY.data, words: [...BODY.data.words, { text: 'c' }] } }],
  ['tags[0].name=x', { ...BODY, tags: [{ name: 'x' }] }],
  ['["a.b=c"]=x', { ...BODY, 'a.b=c': 'x' }],
  ['data["words"][0]=1', { ...BODY, data: { ...BODY.data, words: [1, { text: 'b' }] } }],
  ['data.2=x', { ...BODY, data: { ...BODY.data, 2: 'x' } }],
  ['data=', { ...BODY, data: '' }],
  ['data=a=b', { ...BODY, data: 'a=b' }],
  ['data=null', { ...BODY, data: null }],
  ['data="5"', { ...BODY, data: '5' }],
  ['data=05', { ...BODY, data: '05' }],
  ['data=[1,{"a":true}]', { ...BODY, data: [1, { a: true }] }],
])('sets %s', (text, expected) => {
  const before = structuredClone(BODY);
  expect(sent(BODY, text)).toEqual(expected);
  expect(BODY).toEqual(before);
});

it('makes the changes in their order', () => {
  expect(sent({}, 'a.b=1', 'a.c=2', 'a.b=3')).toEqual({ a: { b: 3, c: 2 } });
});

it('keeps the digits of numbers, those of the body and those that are set', () => {
  const body = readExactly(Buffer.from('{"n":12345678901234567890}'));
  const changed = JSON.stringify(withAssignments(body, [assignmentOf('m=1.10')]));
  expect(changed).toBe('{"n":12345678901234567890,"m":1.10}');
});

it.each([
  ['data.bot.id.x=1', 'data.bot.id is a text, so it has no member x.'],
  ['event[0]=1', 'event is a text, so it has no entry 0.'],
  ['data.bot[0]=1', 'data.bot is no list, so it has no entry 0.'],
  ['data.words.text=1', 'data.words is a list. Name an entry by its index, such as data.words[0].'],
  ['data.words[3]=1', 'data.words has 2 entries: the next one is data.words[2].'],
])('says why %s leads nowhere, and shows no value', (text, message) => {
  expect(() => sent(BODY, text)).toThrow(message);
});

it.each(['n.x', 'on.x'])('says that %s leads through a number or a boolean', (path) => {
  const body = readExactly(Buffer.from('{"n":1.10,"on":true}'));
  expect(() => withAssignments(body, [assignmentOf(`${path}=1`)])).toThrow(/--set: (n is a number|on is a boolean)/);
});

it.each([
  '',
  '=1',
  'data',
  '.data=1',
  'data..bot=1',
  'data[x]=1',
  'data[-1]=1',
  'data.[0]=1',
  'data["a=1',
  '["\\x"]=1',
])('takes %j for no path', (text) => {
  expect(() => assignmentOf(text)).toThrow('Give <path>=<value>, such as data.bot.metadata.team=blue');
});

it.each(['__proto__.x=1', 'constructor.prototype.x=1', '["__proto__"].x=1', '["\\u005f_proto__"].x=1'])(
  'takes %s for members of the body, and leads not out of it',
  (text) => {
    const [outer = ''] = assignmentOf(text).path;
    expect(JSON.stringify(withAssignments({}, [assignmentOf(text)]))).toMatch(new RegExp(`^\\{"${outer}":\\{`));
    expect(({} as { x?: unknown }).x).toBeUndefined();
  },
);
