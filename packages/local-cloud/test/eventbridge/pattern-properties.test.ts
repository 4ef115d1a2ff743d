import * as fc from 'fast-check';
import { flattenEvent } from '../../src/eventbridge/event-fields';
import { parseExactly } from '../../src/eventbridge/json-text';
import { compilePattern } from '../../src/eventbridge/pattern';

const matches = (pattern: object, event: object) => compilePattern(pattern)(event);

describe('properties', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '\\', 'é') });

  it('any JSON compiles, or is refused as an invalid pattern', () => {
    const operator = fc.constantFrom(
      'prefix',
      'suffix',
      'numeric',
      'anything-but',
      'wildcard',
      'cidr',
      'exists',
      '$or',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('=', '<', 5, -1e10, '', '10.0.0.0/8', '**', null, true),
        fc.string(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(operator, fc.string()), tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(value, fc.string(), fc.jsonValue()), (pattern) => {
        const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
        try {
          expect(typeof compilePattern(text)({ a: 1 })).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'InvalidEventPatternException' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a wildcard matches what the same regular expression matches', () => {
    const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '.'), maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(pieces, fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '.') }), (literals, text) => {
        // An empty piece in the middle would put two wildcards side by side.
        const inner = literals.filter((piece, i) => piece !== '' || i === 0 || i === literals.length - 1);
        fc.pre(!(inner.length === 2 && inner.every((piece) => piece === '') && literals.length > 2));
        // AWS refuses a rule whose wildcards can stand at more than ten places: the characters after the first star, and
        // the star itself, are the most that there can be.
        fc.pre(inner.slice(1).join('*').length < 10);
        const wildcard = inner.map((piece) => piece.replace(/[\\*]/g, '\\$&')).join('*');
        const regex = new RegExp(`^${inner.map((piece) => piece.replace(/[\\*.]/g, '\\$&')).join('.*')}$`, 's');
        expect(matches({ a: [{ wildcard }] }, { a: text })).toBe(regex.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('anything-but is the opposite for a field with one string', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('prefix', 'suffix', 'equals-ignore-case'),
        letters.filter((text) => text !== ''),
        letters,
        (operator, argument, text) => {
          const event = { a: text };
          const plain = matches({ a: [{ [operator]: argument }] }, event);
          expect(matches({ a: [{ 'anything-but': { [operator]: argument } }] }, event)).toBe(!plain);
        },
      ),
    );
  });

  it('an IPv4 range holds the addresses that share its leading bits', () => {
    const address = fc.nat({ max: 0xffffffff });
    const dotted = (bits: number) => [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
    fc.assert(
      fc.property(address, address, fc.nat({ max: 31 }), fc.boolean(), (base, other, mask, near) => {
        const candidate = near ? (base ^ (other >>> mask)) >>> 0 : other;
        const shares = mask === 0 || base >>> (32 - mask) === candidate >>> (32 - mask);
        const pattern = { ip: [{ cidr: `${dotted(base)}/${mask}` }] };
        expect(matches(pattern, { ip: dotted(candidate) })).toBe(shares);
      }),
    );
  });

  it('an event matches the pattern made of one of its own leaves', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
        const text = JSON.stringify(value);
        const event = parseExactly(text) as object;
        for (const [name, leaves] of flattenEvent(JSON.parse(text))) {
          fc.pre(name !== '$or');
          for (const leaf of leaves) expect(matches({ [name]: [leaf.value] }, event)).toBe(true);
        }
      }),
    );
  });
});
