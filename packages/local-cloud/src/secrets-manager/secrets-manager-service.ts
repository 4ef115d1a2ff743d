/** The Secrets Manager API on the secrets of the local cloud. */

import { AwsError, type AwsService } from '../service';
import type { Secret, SecretStore, SecretValue, SecretVersion } from './secret-store';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DEFAULT_RECOVERY_DAYS = 30;

interface ValueInput extends SecretValue {
  readonly SecretId: string;
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
  readonly Description?: string;
}

/** @param now the clock, in milliseconds since the epoch */
export function createSecretsManagerService(store: SecretStore, now: () => number = Date.now): AwsService {
  return {
    targetPrefix: 'secretsmanager',
    client: () => import('@aws-sdk/client-secrets-manager'),
    operations: {
      CreateSecret: (input: ValueInput & { Name: string }) => {
        const secret = store.create(input.Name, {
          description: input.Description,
          value: hasValue(input) ? input : undefined,
          versionId: input.ClientRequestToken,
        });
        return identity(secret, [...secret.versions.values()][0]);
      },
      PutSecretValue: (input: ValueInput) => {
        const secret = store.findLive(input.SecretId);
        const version = store.put(secret, input, putOptions(input));
        return { ...identity(secret, version), VersionStages: version.stages };
      },
      UpdateSecret: (input: ValueInput) => {
        const secret = store.findLive(input.SecretId);
        secret.description = input.Description ?? secret.description;
        return identity(secret, hasValue(input) ? store.put(secret, input, putOptions(input)) : undefined);
      },
      GetSecretValue: (input: { SecretId: string; VersionId?: string; VersionStage?: string }) => {
        const secret = store.findLive(input.SecretId);
        const version = findVersion(secret, input);
        return {
          ...identity(secret, version),
          SecretString: version.SecretString,
          SecretBinary: version.SecretBinary,
          VersionStages: version.stages,
          CreatedDate: version.createdAt / 1_000,
        };
      },
      DescribeSecret: (input: { SecretId: string }) => describe(store.find(input.SecretId)),
      ListSecrets: (input: { IncludePlannedDeletion?: boolean }) => ({
        SecretList: store
          .list()
          .filter(({ deletedAt }) => deletedAt === undefined || input.IncludePlannedDeletion)
          .map(describe),
      }),
      DeleteSecret: (input: {
        SecretId: string;
        ForceDeleteWithoutRecovery?: boolean;
        RecoveryWindowInDays?: number;
      }) => {
        const secret = store.find(input.SecretId);
        const days = input.ForceDeleteWithoutRecovery ? 0 : (input.RecoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS);
        secret.deletedAt = now() + days * DAY_MS;
        if (input.ForceDeleteWithoutRecovery) store.delete(secret);
        return { ...identity(secret), DeletionDate: secret.deletedAt / 1_000 };
      },
      RestoreSecret: (input: { SecretId: string }) => {
        const secret = store.find(input.SecretId);
        secret.deletedAt = undefined;
        return identity(secret);
      },
    },
  };
}

function hasValue({ SecretString, SecretBinary }: SecretValue): boolean {
  return SecretString !== undefined || SecretBinary !== undefined;
}

function putOptions({ ClientRequestToken, VersionStages }: ValueInput) {
  return { versionId: ClientRequestToken, stages: VersionStages };
}

function findVersion(secret: Secret, input: { VersionId?: string; VersionStage?: string }): SecretVersion {
  const stage = input.VersionStage ?? (input.VersionId ? undefined : 'AWSCURRENT');
  const version = [...secret.versions.values()].find(
    ({ id, stages }) =>
      (input.VersionId === undefined || id === input.VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (version) return version;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value of ${secret.name} for ${stage ?? input.VersionId}. Put one with PutSecretValue.`,
  );
}

function identity({ arn, name }: Secret, version?: SecretVersion) {
  return { ARN: arn, Name: name, VersionId: version?.id };
}

function describe(secret: Secret): object {
  const stages = Object.fromEntries([...secret.versions.values()].map((version) => [version.id, version.stages]));
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    CreatedDate: secret.createdAt / 1_000,
    LastChangedDate: secret.changedAt / 1_000,
    DeletedDate: secret.deletedAt === undefined ? undefined : secret.deletedAt / 1_000,
    VersionIdsToStages: stages,
    SecretVersionsToStages: stages,
  };
}
