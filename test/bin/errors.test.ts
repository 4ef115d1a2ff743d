/** An error is told with its cause, in words that say what to look at. */
import { messageOf, withCause } from '../../bin/errors';

const withCode = (code: string, message: string, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code });

it.each<[string, unknown, string]>([
  [
    'fetch of Node.js',
    new TypeError('fetch failed', { cause: withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:81') }),
    'connect ECONNREFUSED 127.0.0.1:81 (nothing listens there)',
  ],
  [
    'a host with several addresses, all of which refuse',
    new TypeError('fetch failed', {
      cause: Object.assign(new AggregateError([withCode('ECONNREFUSED', 'connect ECONNREFUSED ::1:81')], ''), {
        code: 'ECONNREFUSED',
      }),
    }),
    'connect ECONNREFUSED ::1:81 (nothing listens there)',
  ],
  [
    'a host that is not there',
    withCode('ENOTFOUND', 'getaddrinfo ENOTFOUND nope.invalid'),
    'getaddrinfo ENOTFOUND nope.invalid (there is no such host)',
  ],
  [
    'a certificate',
    new TypeError('fetch failed', { cause: withCode('CERT_HAS_EXPIRED', 'certificate has expired') }),
    'certificate has expired (CERT_HAS_EXPIRED: its certificate has expired)',
  ],
  ['a code alone', withCode('ETIMEDOUT', ''), 'ETIMEDOUT (no answer in time)'],
  ['a cause without a code', new TypeError('fetch failed', { cause: new Error('bad port') }), 'bad port'],
  ['a wrapped error', new Error('It goes on.', { cause: new Error('no') }), 'It goes on.: no'],
  ['a wrapped error that quotes its cause', new Error('It goes on: no', { cause: new Error('no') }), 'It goes on: no'],
  ['no error', 'text', 'text'],
])('%s', (_, error, told) => {
  expect(withCause(error)).toBe(told);
  expect(messageOf(error)).toBe(told);
});

it('does not go round in circles', () => {
  const error = new Error('');
  error.cause = error;
  expect(withCause(error)).toBe('');
});
