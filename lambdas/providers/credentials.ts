/** Names of members that hold credentials, however they are spelled: `streamKey`, `StreamKey`, `stream_key`, `stream-key`. */

/** A name as it is compared: without case, underscores and hyphens. */
export const spelledAlike = (text: string): string => text.toLowerCase().replace(/[_-]/g, '');

/** Tells the members that are credentials by their names. */
export interface CredentialNames {
  readonly has: (name: string) => boolean;
  /** True where a text may hold such a name. An escape could hide it, so its mere presence counts. */
  readonly mayStandIn: (text: string) => boolean;
}

/** Makes it of the names, in any spelling. */
export function credentialNames(names: readonly string[]): CredentialNames {
  const alike = names.map(spelledAlike);
  return {
    has: (name) => alike.length > 0 && alike.includes(spelledAlike(name)),
    mayStandIn: (text) => {
      if (alike.length === 0) return false;
      if (text.includes('\\u')) return true;
      const compared = spelledAlike(text);
      return alike.some((name) => compared.includes(name));
    },
  };
}
