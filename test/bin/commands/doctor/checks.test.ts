/** What the doctor looks at in a deployment on AWS, where it differs from the local cloud. */
import { CHECKS } from '../../../../bin/commands/doctor/checks';
import { newKeyPair } from '../../../support/deliveries';
import { KeyServer, serves } from '../../../support/key-server';

it('fetches the public key from where the deployment fetches it', async () => {
  const keyServer = await KeyServer.start(serves(newKeyPair().publicPem));
  try {
    const deployment = { outputs: { RealtimekitKeyUrl: keyServer.url }, clientConfig: {} };
    expect(await CHECKS['public key']!(deployment, { stack: 'Meetbus' } as never, {} as never)).toEqual([
      expect.objectContaining({ status: 'ok', message: expect.stringContaining(keyServer.url) }),
    ]);
  } finally {
    await keyServer.close();
  }
});
