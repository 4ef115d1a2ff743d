import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signStandardWebhook } from '../../sandbox/sign';

const key = Buffer.from('a signing key of thirty-two byte');
const secret = `whsec_${key.toString('base64')}`;
const body = '{"event":"order.paid","text":"schön"}';
const notUtf8 = Uint8Array.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);

describe('signStandardWebhook', () => {
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const delivery = { secret, id: 'msg_test_1', timestampSeconds, body };

  it('is accepted by the standardwebhooks package', () => {
    const headers = signStandardWebhook({ ...delivery, headerFamily: 'webhook' });
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
  });

  it.each(['svix', 'webhook'] as const)('gives the three %s headers', (headerFamily) => {
    const expected = new Webhook(secret).sign('msg_test_1', new Date(timestampSeconds * 1000), body);
    expect(signStandardWebhook({ ...delivery, headerFamily })).toEqual({
      [`${headerFamily}-id`]: 'msg_test_1',
      [`${headerFamily}-timestamp`]: String(timestampSeconds),
      [`${headerFamily}-signature`]: expected,
    });
  });

  it.each([
    ['text', body, Buffer.from(body)],
    ['bytes that are not UTF-8', notUtf8, Buffer.from(notUtf8)],
    ['an empty body', '', Buffer.alloc(0)],
  ])('signs id, timestamp and the raw bytes of %s', (_name, sent, bytes) => {
    const signed = Buffer.concat([Buffer.from(`msg_test_1.${timestampSeconds}.`), bytes]);
    const digest = createHmac('sha256', key).update(signed).digest('base64');
    const headers = signStandardWebhook({ ...delivery, body: sent, headerFamily: 'webhook' });
    expect(headers['webhook-signature']).toBe(`v1,${digest}`);
  });

  it('takes the secret without its prefix', () => {
    const bare = secret.slice('whsec_'.length);
    expect(signStandardWebhook({ ...delivery, secret: bare, headerFamily: 'svix' })).toEqual(
      signStandardWebhook({ ...delivery, headerFamily: 'svix' }),
    );
  });

  it.each(['', 'whsec_'])('refuses the secret "%s", which holds no key', (empty) => {
    expect(() => signStandardWebhook({ ...delivery, secret: empty, headerFamily: 'svix' })).toThrow('holds no key');
  });
});
