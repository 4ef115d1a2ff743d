/** The role with which commands write. The queues and buses allow only it and Meetbus itself to write. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Credentials, type Deployment, outputOf } from './deployment';
import { messageOf } from './errors';

/** Name of the session in CloudTrail. */
const RoleSessionName = 'meetbus';

/**
 * The deployment with the credentials of the operator's role, which may write. Sessions renew themselves.
 *
 * @throws Error that names the permission, if the role cannot be assumed
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
  // Once at the beginning, so that a command fails before it has received or counted anything.
  await credentials();
  return { ...deployment, clientConfig: { ...clientConfig, credentials } };
}
