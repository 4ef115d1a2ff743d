import fc from 'fast-check';
import { isWithinDepth, MAX_DEPTH, readRaw } from '../../../lambdas/publish/raw';

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
])('cuts credentials out of %s', (text, expected) => {
  expect(rawText(text, ['streamKey'])).toBe(expected);
  expect(readRaw(Buffer.from(text), ['streamKey'])?.bytes().toString()).toBe(expected);
});

it('keeps what is not JSON in base64, unless it may hold a credential', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x41]);
  expect(readRaw(bytes, ['streamKey'])?.inline).toEqual({ rawbase64: bytes.toString('base64') });
  expect(readRaw(Buffer.from('{"streamKey":"hidden"'), ['streamKey'])).toBeUndefined();
  expect(readRaw(Buffer.from('{"\\u0073treamKey":"hidden"'), ['streamKey'])).toBeUndefined();
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
