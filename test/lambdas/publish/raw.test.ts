import fc from 'fast-check';
import { isWithinDepth, MAX_DEPTH, readRaw } from '../../../lambdas/publish/raw';

const text = (value: unknown) => JSON.stringify(value);

const rawText = (text: string, keys: string[] = []) => {
  const inline = readRaw(Buffer.from(text), keys)?.inline;
  return inline && 'raw' in inline ? JSON.stringify(inline.raw) : inline;
};

it.each([
  '{"a":12345678901234567890,"b":-0,"c":1.0,"d":1e400,"e":0.1000}',
  '[9007199254740993,{"x":1E5}]',
  '{"__proto__":{"polluted":true},"constructor":1,"toString":null}',
  '"text"',
  'null',
  '0',
  '{"surrogate":"\\ud800"}',
])('keeps %s as it is', (text) => {
  expect(rawText(text)).toBe(text);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('gives back any JSON value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(rawText(text)).toBe(text);
    }),
  );
});

it.each([
  ['{"streamKey":"hidden","a":1}', '{"a":1}'],
  ['{"deep":[{"streamKey":{"x":"hidden"}}]}', '{"deep":[{}]}'],
  ['{"\\u0073treamKey":"hidden"}', '{}'],
  ['{"StreamKey":"hidden","stream_key":"hidden","streamkey":"hidden","stream-key":"hidden","STREAM_KEY":1}', '{}'],
  ['{"stream\\u005fkey":"hidden"}', '{}'],
  ['{"stream key":"hidden","stream.key":"hidden"," streamKey":"hidden","stream_keys":["hidden"]}', '{}'],
  ['{"downstreamKey":2}', '{"downstreamKey":2}'],
  // Wherever else its value stands.
  ['{"url":"rtmps://in/hidden","streamKey":"hidden","a":["hidden-2"]}', '{"url":"rtmps://in/","a":["-2"]}'],
  [text({ a: text({ url: 'rtmps://in/hidden', stream_key: 'hidden' }) }), text({ a: text({ url: 'rtmps://in/' }) })],
  [text({ url: 'rtmps://in/hidden', a: text({ streamKey: 'hidden' }) }), text({ url: 'rtmps://in/', a: '{}' })],
  ['{"a":"rtmps://in/hidden-2 fails","streamKeys":["hidden-1","hidden-2"]}', '{"a":"rtmps://in/ fails"}'],
  ['{"status":"LIVE","streamKey":"LIVE"}', '{"status":"LIVE"}'],
  // In texts that are JSON themselves, however deep.
  [text({ a: '{"stream_key":"hidden","n":1.10}' }), text({ a: '{"n":1.10}' })],
  [text({ a: text({ b: text([{ StreamKey: 'hidden' }]) }) }), text({ a: text({ b: '[{}]' }) })],
  [text({ a: '{"\\u0073treamKey":"hidden"}' }), text({ a: '{}' })],
  [text({ a: text('{"streamKey":"hidden"}') }), text({ a: text('{}') })],
  [text({ a: ` ["streamKey"] ` }), text({ a: ` ["streamKey"] ` })],
  [text({ a: 'the streamKey {is' }), text({ a: 'the streamKey {is' })],
])('cuts credentials out of %s', (sent, expected) => {
  expect(rawText(sent, ['streamKey'])).toBe(expected);
  expect(readRaw(Buffer.from(sent), ['streamKey'])?.bytes().toString()).toBe(expected);
});

it('keeps what is not JSON in base64, unless it may hold a credential', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x41]);
  expect(readRaw(bytes, ['streamKey'])?.inline).toEqual({ rawbase64: bytes.toString('base64') });
  expect(readRaw(Buffer.from('{"streamKey":"hidden"'), ['streamKey'])).toBeUndefined();
  expect(readRaw(Buffer.from('{"\\u0073treamKey":"hidden"'), ['streamKey'])).toBeUndefined();
  expect(readRaw(Buffer.from('stream_key=hidden'), ['streamKey'])).toBeUndefined();
});

it.each(['streamKey', 'StreamKey', 'stream_key'])('cuts %s out of what is too large for an event', (name) => {
  const bytes = readRaw(Buffer.from(text({ [name]: 'hidden', padding: 'x'.repeat(1_100_000) })), [
    'streamKey',
  ])?.bytes();
  expect(bytes?.includes('padding')).toBe(true);
  expect(bytes?.includes('hidden')).toBe(false);
});

it('leaves out a text that may hold a credential and is nested too deep to be read', () => {
  const deep = `${'['.repeat(200_000)}{"streamKey":"hidden"}${']'.repeat(200_000)}`;
  expect(rawText(text({ deep, a: 1 }), ['streamKey'])).toBe('{"a":1}');
});

it.each([MAX_DEPTH + 2, 100_000])('does not put %d levels into an event', (depth) => {
  const text = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const raw = readRaw(Buffer.from(text), []);
  expect(raw?.inline).toBeUndefined();
  expect(raw?.bytes().toString()).toBe(text);
});

it('counts depth', () => {
  expect(isWithinDepth({ a: { b: [1] } }, 2)).toBe(true);
  expect(isWithinDepth({ a: { b: [1] } }, 1)).toBe(false);
  expect(isWithinDepth('x', 0)).toBe(true);
});
