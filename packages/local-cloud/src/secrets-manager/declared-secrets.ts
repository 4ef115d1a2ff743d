/** Creates the secrets that the template declares. */
import { randomInt } from 'node:crypto';
import type { ResolvedStack, StackResource } from '../template/stack';
import type { SecretStore } from './secret-store';

/** The parts of `GenerateSecretString` that the local cloud follows. */
interface Generated {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number;
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Secrets Manager's default. */
const DEFAULT_LENGTH = 32;

/** Creates them, except those that a snapshot has restored. */
export function createDeclaredSecrets(stack: ResolvedStack, secrets: SecretStore): void {
  for (const resource of stack.ofType('AWS::SecretsManager::Secret')) {
    if (secrets.has(resource.name)) continue;
    secrets.create(resource.name, { value: { SecretString: textOf(resource) }, arn: resource.ref });
  }
}

function textOf({ properties: { SecretString, GenerateSecretString } }: StackResource): string {
  if (typeof SecretString === 'string') return SecretString;
  const { SecretStringTemplate, GenerateStringKey, PasswordLength } = (GenerateSecretString ?? {}) as Generated;
  const password = Array.from(
    { length: PasswordLength ?? DEFAULT_LENGTH },
    () => CHARACTERS[randomInt(CHARACTERS.length)],
  );
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password.join('');
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: password.join('') });
}
