/** Reads and writes the secrets of providers in Secrets Manager. No message holds anything of their values. */
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Deployment } from '../../deployment';
import type { SecretJson } from './entries';
import { type SecretOwner, secretNameOf } from './owners';

/** The current value and its version. */
export interface StoredSecret {
  /** Empty where the value is no JSON object. */
  readonly json: SecretJson;
  /** False where the value is something else, which a change of {@link json} would overwrite. */
  readonly isObject: boolean;
  readonly versionId: string;
  readonly createdAt: Date | undefined;
}

/** A secret of a deployment. */
export class SecretStore {
  readonly name: string;
  readonly #client: SecretsManagerClient;

  constructor(
    deployment: Deployment,
    readonly owner: SecretOwner,
  ) {
    this.name = secretNameOf(deployment, owner);
    this.#client = new SecretsManagerClient(deployment.clientConfig);
  }

  /** The secret; undefined where it does not exist, or has no value. */
  async read(): Promise<StoredSecret | undefined> {
    try {
      const command = new GetSecretValueCommand({ SecretId: this.name });
      const { SecretString = '', VersionId = '', CreatedDate } = await this.#client.send(command);
      const json = parseObject(SecretString);
      return { json: json ?? {}, isObject: json !== undefined, versionId: VersionId, createdAt: CreatedDate };
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      if (!(error instanceof Error) || error.name !== 'InvalidRequestException') throw error;
      const remedy = `If it is marked for deletion, bring it back: aws secretsmanager restore-secret --secret-id ${this.name}`;
      throw new Error(`The secret ${this.name} cannot be read: ${error.message} ${remedy}`);
    }
  }

  /**
   * Replaces the value, if nobody else has since it was read; without a version read, there must be none.
   *
   * @throws Error that says what to do, when somebody has
   */
  async replace(read: Pick<StoredSecret, 'versionId'> | undefined, json: SecretJson): Promise<void> {
    const { current } = await this.#versions();
    if (current !== read?.versionId) {
      throw new Error('Somebody else has changed the secret just now. Nothing was changed: run the command again.');
    }
    const command = new PutSecretValueCommand({ SecretId: this.name, SecretString: JSON.stringify(json) });
    await this.#client.send(command);
    const { previous } = await this.#versions();
    if (previous === read?.versionId) return;
    throw new Error(
      'Somebody else changed the secret at the same moment, and one of the changes is not in it now. ' +
        'Look at what is there with "npx meetbus secrets show", and run what is missing again.',
    );
  }

  /**
   * Makes the secret with its first value; it may exist without one.
   *
   * @throws Error that says what to do, when somebody else has given it one
   */
  async create(json: SecretJson): Promise<void> {
    const SecretString = JSON.stringify(json);
    try {
      const Description = descriptionOf(this.owner);
      await this.#client.send(new CreateSecretCommand({ Name: this.name, Description, SecretString }));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceExistsException') throw error;
      await this.replace(undefined, json);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #versions(): Promise<{ readonly current: string | undefined; readonly previous: string | undefined }> {
    const { VersionIdsToStages = {} } = await this.#client.send(new DescribeSecretCommand({ SecretId: this.name }));
    const withStage = (stage: string) =>
      Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
    return { current: withStage('AWSCURRENT'), previous: withStage('AWSPREVIOUS') };
  }
}

/** Description of a secret in Secrets Manager. */
function descriptionOf({ title, secret }: SecretOwner): string {
  const kinds = secret.entries.map((entry) => `${entry.title}s`).join(' and ');
  return `${kinds.charAt(0).toUpperCase()}${kinds.slice(1)} of ${title}, for Meetbus.`;
}

/** Does work with a secret of a deployment. */
export async function withSecretStore<T>(
  deployment: Deployment,
  owner: SecretOwner,
  work: (store: SecretStore) => Promise<T>,
): Promise<T> {
  const store = new SecretStore(deployment, owner);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The value of a secret of a deployment; empty where there is none. */
export const readSecretJson = (deployment: Deployment, owner: SecretOwner): Promise<SecretJson> =>
  withSecretStore(deployment, owner, async (store) => (await store.read())?.json ?? {});

function parseObject(text: string): SecretJson | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SecretJson) : undefined;
  } catch {
    return undefined;
  }
}
