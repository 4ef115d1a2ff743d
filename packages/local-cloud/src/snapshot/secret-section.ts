/** Every secret with its versions. */
import type { Secret, SecretVersion } from '../secrets-manager/secret-store';
import type { Section } from './section';

interface SecretRecord extends Omit<Secret, 'versions'> {
  readonly versions: readonly SecretVersion[];
}

export const secretSection: Section<SecretRecord> = {
  *save({ secrets }) {
    for (const secret of secrets.list()) yield { ...secret, versions: [...secret.versions.values()] };
  },

  restore({ secrets }, records) {
    for (const { versions, ...secret } of records) {
      secrets.restore({ ...secret, versions: new Map(versions.map((version) => [version.id, version])) });
    }
    return [];
  },
};
