/** Reads a JSON secret by name from AWS Secrets Manager. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NotConfiguredError } from '../../providers/kit/stale-if-error-cache';

/**
 * The parsed JSON of a secret's current version.
 *
 * @throws NotConfiguredError if the secret does not exist or is not JSON. The message never holds the value:
 *   a parse error would quote it.
 */
export async function readJsonSecret(client: SecretsManagerClient, name: string): Promise<unknown> {
  let text: string | undefined;
  try {
    ({ SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: name })));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new NotConfiguredError(`The secret ${name} does not exist or has no value. Create it, see the README.`);
    }
    throw error;
  }
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new NotConfiguredError(`The secret ${name} is not JSON. Set it to the JSON that the README shows.`);
  }
}
