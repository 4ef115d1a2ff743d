import { delivery } from '../../../test/support/deliveries';
import { verifyQueryToken } from '../../kit/token';

const TOKENS = ['first-token-of-the-test', 'second-token-of-the-test'];
const check = (token: string | string[] | undefined, tokens = TOKENS) =>
  verifyQueryToken(delivery({ query: token === undefined ? {} : { token } }), tokens);

it.each(TOKENS)('accepts each live token: %s', (token) => {
  expect(check(token)).toEqual({ outcome: 'verified', proof: 'token' });
});

it.each([
  ['no token', undefined, 'missing_token'],
  ['an empty token', '', 'missing_token'],
  ['another token', 'third-token-of-the-test', 'unknown_token'],
  ['a prefix of a token', 'first-token', 'unknown_token'],
  ['a token in capitals', 'FIRST-TOKEN-OF-THE-TEST', 'unknown_token'],
  ['the right token twice', [TOKENS[0]!, TOKENS[0]!], 'repeated_token'],
  ['a wrong token before the right one', ['x', TOKENS[0]!], 'repeated_token'],
])('refuses %s', (_name, token, reason) => {
  expect(check(token)).toEqual({ outcome: 'refused', reason });
});

it('says that no token is configured', () => {
  expect(check('anything', [])).toEqual({ outcome: 'refused', reason: 'not_configured' });
});
