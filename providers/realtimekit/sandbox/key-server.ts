/** Serves a public key in the form in which RealtimeKit publishes its own. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeServer } from '../../sandbox';

export const keyServer: FakeServer = {
  option: 'keyUrl',

  makeKey: () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey,

  async start(privateKey) {
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
    const answer = JSON.stringify({ success: true, data: { publicKey }, message: '' });
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/webhooks.json`,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  },
};
