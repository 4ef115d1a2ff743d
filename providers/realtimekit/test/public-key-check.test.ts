/** Where the doctor looks for RealtimeKit's public key on AWS, which differs from the local cloud. */
import { newKeyPair } from '../../../test/support/deliveries';
import { KeyServer, serves } from '../../../test/support/key-server';
import { checkPublicKey } from '../cli/public-key-check';

it('fetches the public key from where the deployment fetches it', async () => {
  const keyServer = await KeyServer.start(serves(newKeyPair().publicPem));
  try {
    const deployment = { outputs: { RealtimekitKeyUrl: keyServer.url }, clientConfig: {} };
    expect(await checkPublicKey(deployment)).toEqual([
      expect.objectContaining({ status: 'ok', message: expect.stringContaining(keyServer.url) }),
    ]);
  } finally {
    await keyServer.close();
  }
});
