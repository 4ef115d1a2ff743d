/** STS: who the caller is, and sessions of roles. */

import type { Permissions } from '../iam/permissions';
import { AwsError, type AwsService, LOCAL_ACCOUNT } from '../service';

/** Seconds that a session lasts unless asked otherwise, and the longest that a role allows unless it says more. */
const DEFAULT_SECONDS = 3_600;
const SHORTEST_SECONDS = 900;

type Input = Readonly<Record<string, string | undefined>>;

/** The service, which {@link awsQuery} speaks for. */
export function createStsService(permissions: Permissions): AwsService {
  return {
    targetPrefix: 'AWSSecurityTokenServiceV20110615',
    operations: {
      GetCallerIdentity: (_input, { accessKeyId }) => {
        const Arn = permissions.callerArn(accessKeyId);
        return { UserId: `AIDA:${Arn.split('/').at(-1)}`, Account: LOCAL_ACCOUNT, Arn };
      },
      AssumeRole: (input: Input, { accessKeyId }) => {
        const { RoleArn = '', RoleSessionName = '', DurationSeconds = String(DEFAULT_SECONDS) } = input;
        if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
          throw invalid('RoleSessionName must have 2 to 64 letters, digits and _ + = , . @ -');
        }
        const seconds = Number(DurationSeconds);
        if (!(seconds >= SHORTEST_SECONDS && seconds <= DEFAULT_SECONDS)) {
          throw invalid(`DurationSeconds must be ${SHORTEST_SECONDS} to ${DEFAULT_SECONDS}`);
        }
        const { sessionArn, credentials } = permissions.assumeRole(accessKeyId, RoleArn, RoleSessionName, seconds);
        return {
          Credentials: credentials,
          AssumedRoleUser: { AssumedRoleId: `${credentials.AccessKeyId}:${RoleSessionName}`, Arn: sessionArn },
        };
      },
    },
  };
}

const invalid = (message: string) => new AwsError('ValidationError', message);
