import * as fc from 'fast-check';
import { matchesAction, matchesArn, matchesWildcards } from '../../src/iam/match';

it.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbb', false],
  ['a*b*c', 'a-b-b-c', true],
  ['*ab', 'aab', true],
  ['?', '', false],
  ['?', 'a', true],
  ['payments-??????', 'payments-aBcDeF', true],
  ['payments-??????', 'payments-aBcDe', false],
  ['payments-??????', 'payments-aBcDeFg', false],
  ['a.c', 'abc', false],
  ['A', 'a', false],
])('the pattern %j against %j: %p', (pattern, text, expected) => {
  expect(matchesWildcards(pattern, text)).toBe(expected);
});

it('finds the same as a regular expression does', () => {
  const short = (letters: string[]) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(short(['a', 'b', '*', '?']), short(['a', 'b']), (pattern, text) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
      expect(matchesWildcards(pattern, text)).toBe(expected);
    }),
  );
});

it.each([
  ['sqs:SendMessage', 'sqs:SendMessage', true],
  ['sqs:sendmessage', 'sqs:SendMessage', true],
  ['sqs:Send*', 'sqs:SendMessage', true],
  ['*', 'sqs:SendMessage', true],
  ['sqs:*', 's3:PutObject', false],
  ['sqs:SendMessageBatch', 'sqs:SendMessage', false],
])('the action %s allows %s: %p', (pattern, action, expected) => {
  expect(matchesAction(pattern, action)).toBe(expected);
});

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:bots';

it.each([
  ['*', QUEUE, true],
  ['*', '*', true],
  [QUEUE, '*', false],
  [QUEUE, QUEUE, true],
  [QUEUE, `${QUEUE}-2`, false],
  ['arn:aws:sqs:*:*:bots', QUEUE, true],
  ['arn:aws:sqs:*:bots', QUEUE, false],
  ['arn:aws:*:bots', QUEUE, false],
  [
    'arn:aws:logs:us-east-1:000000000000:log-group:/a:*',
    'arn:aws:logs:us-east-1:000000000000:log-group:/a:log-stream:s',
    true,
  ],
  ['arn:aws:s3:::calls/raw/*', 'arn:aws:s3:::calls/raw/2026/a:b', true],
  ['arn:aws:s3:::calls/raw/*', 'arn:aws:s3:::calls/other', false],
])('the resource %s covers %s: %p', (pattern, arn, expected) => {
  expect(matchesArn(pattern, arn)).toBe(expected);
});
