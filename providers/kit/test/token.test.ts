import { delivery } from '../../../test/support/deliveries';
import { verifyPathToken, verifyQueryToken } from '../token';

const TOKENS = ['first-token-of-the-test', 'second-token-of-the-test'];
const VERIFIED = { outcome: 'verified', proof: 'token' };
const refusedFor = (reason: string) => ({ outcome: 'refused', reason });

it('verifies the last segment of the path', () => {
  const check = (pathToken: string | undefined, tokens = TOKENS) => verifyPathToken(delivery({ pathToken }), tokens);
  for (const token of TOKENS) expect(check(token)).toEqual(VERIFIED);
  for (const wrong of ['third-token-of-the-test', 'first-token', 'FIRST-TOKEN-OF-THE-TEST'])
    expect(check(wrong)).toEqual(refusedFor('unknown_token'));
  for (const none of [undefined, '']) expect(check(none)).toEqual(refusedFor('missing_token'));
  expect(check('anything', [])).toEqual(refusedFor('not_configured'));
});

it('verifies a parameter of the query string by any name', () => {
  const check = (query: Record<string, string | string[]>) => verifyQueryToken(delivery({ query }), TOKENS, 'key');
  expect(check({ key: TOKENS[1]! })).toEqual(VERIFIED);
  expect(check({ token: TOKENS[1]! })).toEqual(refusedFor('missing_token'));
  expect(check({ key: [TOKENS[0]!, TOKENS[0]!] })).toEqual(refusedFor('repeated_token'));
});
