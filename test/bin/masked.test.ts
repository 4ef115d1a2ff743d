/** What is shown of a body has no credentials. */

import { masked, maskedText, printed, textOf } from '../../bin/masked';

const MASKED = '(masked)';

it.each(
  [
    'token',
    'accessToken',
    'apiKey',
    'api_key',
    'x-api-key',
    'stream_key',
    'StreamKey',
    'STREAM-KEY',
    'pass_word',
    'signing-key',
    'clientSecret',
    'password',
  ]
    .concat([
      'passcode',
      'passphrase',
      'pwd',
      'user_pwd',
      'jwt',
      'idJwt',
      'authorization',
      'Proxy-Authorization',
      'auth',
    ])
    .concat(['cookie', 'Set-Cookie', 'bearer', 'credentials', 'X-Amz-Signature', 'pin', 'otp']),
)('masks %s, whatever it holds', (name) => {
  for (const value of ['sekret', 5, true, '', ['sekret'], { a: { b: 'sekret' } }]) {
    expect(masked({ data: [{ [name]: value }] })).toEqual({ data: [{ [name]: MASKED }] });
  }
  expect(masked({ [name]: null })).toEqual({ [name]: null });
});

it('masks in texts that are JSON themselves, however deep', () => {
  const nested = JSON.stringify([JSON.stringify({ stream_key: 'sekret', link: 'https://files.example.org/sekret' })]);
  const shown = JSON.stringify([JSON.stringify({ stream_key: MASKED, link: 'https://files.example.org/(masked)' })]);
  expect(masked({ a: nested })).toEqual({ a: shown });
  expect(masked({ a: '[no JSON: token' })).toEqual({ a: '[no JSON: token' });
});

it('leaves ordinary members as they are', () => {
  const ordinary = {
    ...{ author: 'Ann', authors: ['Ann'], authority: 'x', key: 'k', keyword: 'w', monkey: 1, id: 'i', passed: true },
    ...{ compass: 'n', passenger: 'p', pinned: true, opinion: 'o', spinner: 's', hotpot: 'h', signed_in: true },
    ...{ session: 's', hostkeys: 3, words: [{ text: 'secret token' }], is_authorized: true },
  };
  expect(masked(ordinary)).toEqual(ordinary);
});

describe('what is no JSON', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it.each([
    ['{"event":"x","token":"sekret"', '{"event":"x","token":(masked)'],
    ['{"streamKey":"sek\\"ret","a":1', '{"streamKey":(masked),"a":1'],
    ['{"stream_key": "sekret', '{"stream_key": (masked)'],
    ['{"to\\u006ben":"sekret"', '{"token":(masked)'],
    ["{'password':'sekret','a':'b'", "{'password':(masked),'a':'b'"],
    ['"{\\"token\\":\\"sekret\\",\\"a\\":1', '"{\\"token\\":(masked),\\"a\\":1'],
    ['{"tokens":["sekret","sekret2"', '{"tokens":(masked)'],
    ['token=sekret&name=Ann', 'token=(masked)&name=Ann'],
    ['Authorization: Bearer sekret-0123456789', 'Authorization: (masked)'],
    ['sent with Bearer sekret-0123456789', 'sent with (masked)'],
    ['found x-eyJhbGciOiJI.eyJzdWIiOiJz.c2Vr, and eyJhbGciOiJI alone', 'found x-(masked), and eyJhbGciOiJI alone'],
    ['the key whsec_c2VrcmV0c2VrcmV0 was', 'the key (masked) was'],
    ['see https://u:sekret@files.example/a.mp4?sig=sekret now', 'see https://files.example/(masked) now'],
    ['{"token":null,"a":1', '{"token":null,"a":1'],
    [`{"body":"${base64('{"streamKey":"sekret"}')}`, '{"body":"{"streamKey":"(masked)"}'],
    [`{"body":"${base64('{"streamKey":"sekret"')}`, '{"body":"{"streamKey":(masked)'],
    [`{"body":"${base64('nothing to hide here')}`, `{"body":"${base64('nothing to hide here')}`],
    ['an ordinary line about tokens', 'an ordinary line about tokens'],
  ])('%s', (text, clean) => {
    expect(maskedText(text)).toBe(clean);
  });

  it('is masked within JSON as well', () => {
    const value = { a: '{"streamKey":"sekret"}', b: base64('{"token":"sekret"}'), c: '{"n":1}' };
    expect(masked(value)).toEqual({ a: '{"streamKey":"(masked)"}', b: '{"token":"(masked)"}', c: '{"n":1}' });
  });

  it('is masked where its bytes are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"token":"sekret","name":"'), Buffer.from([0xff, 0xe9])]);
    expect(maskedText(textOf(bytes))).toBe('{"token":(masked),"name":"ÿé');
  });

  it('takes no time to speak of, however long it is', () => {
    const parts = ['a.', '\\', 'token', 'token=', '{"', 'A', 'a:', ' ', 'eyJ', 'eyJabcdefgh-'];
    const nasty = parts.map((part) => part.repeat(200_000));
    const started = performance.now();
    for (const text of nasty) maskedText(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('need not be shown if it is nested deeper than the stack', () => {
    const deep = `${'{"a":'.repeat(100_000)}{"token":"sekret"}${'}'.repeat(100_000)}`;
    expect(maskedText(deep)).toBe('"(nested too deep to be shown)"');
    expect(masked([JSON.parse(deep)])).toBe('(nested too deep to be shown)');
    expect(masked({ a: deep, b: 1 })).toEqual({ a: '"(nested too deep to be shown)"', b: 1 });
  });

  it('cannot steer a terminal', () => {
    expect(printed('a\u001b[31m\u009b31m\u202e\nb')).toBe('"a\\u001b[31m\\u009b31m\\u202e\\nb"');
  });
});
