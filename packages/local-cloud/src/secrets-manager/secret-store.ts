/** The secrets of the local cloud, each with its versions, in memory. */

import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from '../service';

/** A string, or binary in base64. One of the two, as in the Secrets Manager API. */
export interface SecretValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}

export interface SecretVersion extends SecretValue {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Staging labels, such as `AWSCURRENT`. */
  stages: string[];
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  description: string | undefined;
  readonly createdAt: number;
  changedAt: number;
  /** The date that its deletion was announced for; undefined unless it is marked for deletion. */
  deletedAt: number | undefined;
  readonly versions: Map<string, SecretVersion>;
}

export interface CreateOptions {
  readonly description?: string | undefined;
  /** The first version; without it the secret has none yet. */
  readonly value?: SecretValue | undefined;
  readonly versionId?: string | undefined;
  /** @default one with six random letters at its end */
  readonly arn?: string | undefined;
}

export interface PutOptions {
  /** Id of the new version; the same id again changes nothing. */
  readonly versionId?: string | undefined;
  /** Staging labels that the new version takes; the default is `AWSCURRENT`. */
  readonly stages?: readonly string[] | undefined;
}

const MAX_VALUE_BYTES = 65_536;
const SUFFIX_CHARACTERS = 6;

export class SecretStore {
  readonly #byName = new Map<string, Secret>();

  /** @param now the clock, in milliseconds since the epoch */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * @param name such as `billing/api-key`
   * @throws AwsError `ResourceExistsException`, `InvalidRequestException`, `ValidationException`,
   *   `InvalidParameterException`
   */
  create(name: string, { description, value, versionId, arn }: CreateOptions = {}): Secret {
    const existing = this.#byName.get(name);
    if (existing?.deletedAt) {
      throw new AwsError(
        'InvalidRequestException',
        `The secret ${name} is scheduled for deletion. Restore it, or delete it with ForceDeleteWithoutRecovery.`,
      );
    }
    if (existing) {
      throw new AwsError('ResourceExistsException', `The secret ${name} already exists. Use PutSecretValue.`);
    }
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
      throw new AwsError('ValidationException', 'A secret name has 1 to 512 letters, digits and /_+=.@- characters.');
    }
    const secret: Secret = {
      name,
      arn: arn ?? `arn:aws:secretsmanager:${LOCAL_REGION}:${LOCAL_ACCOUNT}:secret:${name}-${randomSuffix()}`,
      description,
      createdAt: this.now(),
      changedAt: this.now(),
      deletedAt: undefined,
      versions: new Map(),
    };
    if (value) this.put(secret, value, { versionId });
    this.#byName.set(name, secret);
    return secret;
  }

  /**
   * Finds a secret by its name, its ARN, or its ARN without the six-character suffix.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  find(secretId: string): Secret {
    const byArn = () => this.list().find(({ arn }) => arn === secretId || withoutSuffix(arn) === secretId);
    const secret = this.#byName.get(secretId) ?? byArn();
    if (secret) return secret;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret: ${secretId}. Create it with CreateSecret.`,
    );
  }

  /**
   * Finds a secret that is not marked for deletion.
   *
   * @throws AwsError `ResourceNotFoundException`, `InvalidRequestException`
   */
  findLive(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret.deletedAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      `The secret ${secret.name} is marked for deletion. Bring it back with RestoreSecret.`,
    );
  }

  /**
   * Adds a version. The one that was `AWSCURRENT` becomes `AWSPREVIOUS`.
   *
   * @throws AwsError `ResourceExistsException` when the version id has another value; `InvalidParameterException`
   */
  put(secret: Secret, value: SecretValue, options: PutOptions = {}): SecretVersion {
    checkValue(value);
    const { versionId = crypto.randomUUID(), stages = ['AWSCURRENT'] } = options;
    const existing = secret.versions.get(versionId);
    if (existing && !isSameValue(existing, value)) {
      throw new AwsError('ResourceExistsException', `Version ${versionId} has another value. Send a new token.`);
    }
    if (existing) return existing;
    const { SecretString, SecretBinary } = value;
    const version = { id: versionId, createdAt: this.now(), stages: [], SecretString, SecretBinary };
    secret.versions.set(versionId, version);
    for (const stage of stages) moveStage(secret, stage, version);
    secret.changedAt = this.now();
    return version;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Puts a secret of a snapshot back, with its ARN and versions. */
  restore(secret: Secret): void {
    this.#byName.set(secret.name, secret);
  }

  delete(secret: Secret): void {
    this.#byName.delete(secret.name);
  }

  /** Ordered by name. */
  list(): Secret[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** A staging label stands on one version at a time. A version without any is gone. */
function moveStage(secret: Secret, stage: string, to: SecretVersion): void {
  const from = [...secret.versions.values()].find(({ stages }) => stages.includes(stage));
  if (from === to) return;
  to.stages.push(stage);
  if (!from) return;
  from.stages = from.stages.filter((other) => other !== stage);
  if (stage === 'AWSCURRENT') moveStage(secret, 'AWSPREVIOUS', from);
  if (from.stages.length === 0) secret.versions.delete(from.id);
}

function checkValue({ SecretString, SecretBinary }: SecretValue): void {
  if ((SecretString === undefined) === (SecretBinary === undefined)) {
    throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  }
  const bytes =
    SecretString === undefined ? Buffer.from(SecretBinary!, 'base64').length : Buffer.byteLength(SecretString);
  if (bytes > MAX_VALUE_BYTES) {
    throw new AwsError('InvalidParameterException', `A secret value has at most ${MAX_VALUE_BYTES} bytes.`);
  }
}

function isSameValue(a: SecretValue, b: SecretValue): boolean {
  return a.SecretString === b.SecretString && a.SecretBinary === b.SecretBinary;
}

function withoutSuffix(arn: string): string {
  return arn.slice(0, -(SUFFIX_CHARACTERS + 1));
}

function randomSuffix(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return Array.from({ length: SUFFIX_CHARACTERS }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
