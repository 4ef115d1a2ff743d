import fc from 'fast-check';
import { readExactly } from '../body';
import { memberInAnySpelling, withNames } from '../spelling';

it.each<[unknown, unknown]>([
  [{ fileOutputs: 1 }, 1],
  [{ file_outputs: 1 }, 1],
  [{ FileOutputs: 1 }, 1],
  [{ 'file-output': 1 }, 1],
  [{ file_output: 1, fileOutputs: 2 }, 2],
  [{ fileOutputs: null, file_output: 2 }, 2],
  [{ fileOutputs: false, file_output: 2 }, false],
  [{ outputs: 1 }, undefined],
  [{ __proto__: { fileOutputs: 1 } }, undefined],
  [['fileOutputs'], undefined],
  ['fileOutputs', undefined],
  [undefined, undefined],
])('finds fileOutputs in %j: %j', (value, member) => {
  expect(memberInAnySpelling(value, 'fileOutputs')).toEqual(member);
});

it('follows a path, and breaks off where nothing is', () => {
  const body = { egress_info: { RoomName: 'planning', name: 7 } };
  expect(memberInAnySpelling(body, 'egressInfo', 'roomName')).toBe('planning');
  expect(memberInAnySpelling(body, 'egressInfo', 'name', 'length')).toBeUndefined();
});

it('takes a number that keeps its digits for no object', () => {
  const number = readExactly(Buffer.from('1.10'));
  expect([memberInAnySpelling(number, 'rawJSON'), withNames(['rawJSON'], number)]).toEqual([undefined, undefined]);
});

it('finds what a schema reads', () => {
  const name = fc.constantFrom('urls', 'url', 'URL', 'u_r_l', 'Urls', 'other');
  const object = fc.dictionary(name, fc.constantFrom(null, 1, 'a', { url: 1 }));
  fc.assert(
    fc.property(object, (value) => {
      expect(memberInAnySpelling(value, 'url') ?? null).toEqual(withNames(['url'], value)?.url ?? null);
    }),
  );
});
