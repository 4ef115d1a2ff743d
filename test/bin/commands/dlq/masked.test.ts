/** What is shown of a body has no credentials. */
import { masked } from '../../../../bin/commands/dlq/messages';
import { useDeadLetterQueues } from './use-dead-letter-queues';

const queues = useDeadLetterQueues();

const MASKED = '(masked)';

it.each(
  ['token', 'accessToken', 'apiKey', 'api_key', 'x-api-key', 'stream_key', 'signing-key', 'clientSecret', 'password']
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

it('leaves ordinary members as they are', () => {
  const ordinary = {
    ...{ author: 'Ann', authors: ['Ann'], authority: 'x', key: 'k', keyword: 'w', monkey: 1, id: 'i', passed: true },
    ...{ compass: 'n', passenger: 'p', pinned: true, opinion: 'o', spinner: 's', hotpot: 'h', signed_in: true },
    ...{ session: 's', hostkeys: 3, words: [{ text: 'secret token' }], is_authorized: true },
  };
  expect(masked(ordinary)).toEqual(ordinary);
});

it('shows a body without them', async () => {
  const body = { event: 'bot.done', token: ['sekret-1'], apiKey: 58_231, nested: { jwt: { raw: 'sekret-2' } } };
  const base64 = Buffer.from(JSON.stringify(body)).toString('base64');
  await queues.putAside('bot', [JSON.stringify({ eventId: 'one', body: { base64 } })]);
  const { code, stdout } = await queues.run('peek', 'bot', '--body', '--json');
  expect(code).toBe(0);
  const shown = { event: 'bot.done', token: MASKED, apiKey: MASKED, nested: { jwt: MASKED } };
  expect(JSON.parse(stdout)).toMatchObject([{ body: shown }]);
  expect(stdout).not.toMatch(/sekret|58231/);
});
