/** The role in which commands write. The queues and buses let nobody else write but Meetbus itself. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Credentials, type Deployment, outputOf } from './deployment';
import { messageOf } from './errors';

/** What CloudTrail calls the session. */
const RoleSessionName = 'meetbus';

/**
 * The deployment as the operator's role reaches it: what its clients write is let in. Their sessions renew themselves.
 *
 * @throws Error that names the permission, where the role cannot be assumed
 */
export async function asOperator(deployment: Deployment): Promise<Deployment> {
  const { clientConfig } = deployment;
  const RoleArn = outputOf(deployment, 'OperatorRoleArn');
  const credentials = async (): Promise<Credentials> => {
    const sts = new STSClient(clientConfig);
    try {
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
      return {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
        ...(Credentials?.Expiration && { expiration: Credentials.Expiration }),
      };
    } catch (error) {
      const why = messageOf(error).replace(/\.?$/, '.');
      throw new Error(`This needs the permission sts:AssumeRole on ${RoleArn}. ${why}`, { cause: error });
    } finally {
      sts.destroy();
    }
  };
  // Once at the beginning, so that a command fails before it has held or counted anything.
  await credentials();
  return { ...deployment, clientConfig: { ...clientConfig, credentials } };
}
