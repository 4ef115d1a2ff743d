/** The operator of a Meetbus: writes to its queues and its shared bus in the role that the stack makes for that. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

interface Reached {
  readonly awsUrl: string;
  readonly outputs: object;
}

/** Clients in a session of the operator's role. */
export async function operatorClients({ awsUrl: endpoint, outputs }: Reached) {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const { OperatorRoleArn: RoleArn } = outputs as Readonly<Record<string, string>>;
  const { Credentials } = await new STSClient(config).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'operator' }),
  );
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  return {
    sqs: new SQSClient({ ...config, credentials }),
    eventBridge: new EventBridgeClient({ ...config, credentials }),
  };
}
