/** Names of members that hold credentials, however they are spelled: `streamKey`, `StreamKey`, `stream_key`, `stream-keys`. */

/** A name as it is compared: without case, underscores, hyphens, dots and blanks. */
export const spelledAlike = (text: string): string => text.toLowerCase().replace(/[_.\s-]/g, '');

/** The same for a name that may also be in the plural. */
export const singularOf = (name: string): string => spelledAlike(name).replace(/s$/, '');

/** A shorter value may stand in another text by chance, as `LIVE` does. */
const MIN_VALUE_LENGTH = 6;

/** The text without these credentials: a key may also stand at the end of the URL that it opens. */
export const withoutValues = (text: string, credentials: Iterable<string>): string =>
  [...credentials]
    .filter(({ length }) => length >= MIN_VALUE_LENGTH)
    .reduce((rest, credential) => rest.replaceAll(credential, ''), text);

/** Tells the members that are credentials by their names. */
export interface CredentialNames {
  readonly has: (name: string) => boolean;
  /** True where a text may hold such a name. An escape could hide it, so its mere presence counts. */
  readonly mayStandIn: (text: string) => boolean;
}

/** Makes it of the names, in any spelling. */
export function credentialNames(names: readonly string[]): CredentialNames {
  const alike = names.map(singularOf);
  return {
    has: (name) => alike.length > 0 && alike.includes(singularOf(name)),
    mayStandIn: (text) => {
      if (alike.length === 0) return false;
      if (text.includes('\\u')) return true;
      const compared = spelledAlike(text);
      return alike.some((name) => compared.includes(name));
    },
  };
}
