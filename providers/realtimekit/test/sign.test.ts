import { generateKeyPairSync, verify } from 'node:crypto';
import { realtimekitSamples } from '../sandbox';
import { signRealtimeKit } from '../sandbox/sign';

const body = JSON.stringify(realtimekitSamples['meeting.started']);
const notUtf8 = Uint8Array.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);

describe('signRealtimeKit', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ids = { uuid: 'delivery-1', webhookId: 'webhook-1' };

  it.each([
    ['text', body],
    ['bytes that are not UTF-8', notUtf8],
  ])('signs the raw body of %s', (_name, sent) => {
    const headers = signRealtimeKit({ privateKeyPem, body: sent, ...ids });
    const signature = Buffer.from(headers['rtk-signature']!, 'base64');
    expect(verify('RSA-SHA256', Buffer.from(sent), publicKey, signature)).toBe(true);
    expect(verify('RSA-SHA256', Buffer.concat([Buffer.from(sent), Buffer.from(' ')]), publicKey, signature)).toBe(
      false,
    );
  });

  it('is accepted by WebCrypto, which the provider recommends', async () => {
    const headers = signRealtimeKit({ privateKeyPem, body, ...ids });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const imported = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']);
    const signature = Buffer.from(headers['rtk-signature']!, 'base64');
    expect(await crypto.subtle.verify(algorithm.name, imported, signature, Buffer.from(body))).toBe(true);
  });

  it('names the delivery and the webhook, unsigned', () => {
    const headers = signRealtimeKit({ privateKeyPem, body, ...ids });
    expect(headers).toEqual({
      'rtk-signature': expect.any(String),
      'rtk-uuid': 'delivery-1',
      'rtk-webhook-id': 'webhook-1',
    });
    const other = signRealtimeKit({ privateKeyPem, body, uuid: 'delivery-2', webhookId: 'webhook-2' });
    expect(other['rtk-signature']).toBe(headers['rtk-signature']);
  });
});
