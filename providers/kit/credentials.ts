/** Members that hold credentials, by name, in any spelling: `streamKey`, `StreamKey`, `stream_key`, `stream-keys`. */

/** A name for comparison: in lower case, without underscores, hyphens, dots and blanks. */
export const spelledAlike = (text: string): string => text.toLowerCase().replace(/[_.\s-]/g, '');

/** The same for a name that may also be in the plural. */
export const singularOf = (name: string): string => spelledAlike(name).replace(/s$/, '');

/** A shorter value, such as `LIVE`, may occur in another text by chance. */
const MIN_VALUE_LENGTH = 6;

/** The text without these credentials: a URL may end with the key that opens it. */
export const withoutValues = (text: string, credentials: Iterable<string>): string =>
  [...credentials]
    .filter(({ length }) => length >= MIN_VALUE_LENGTH)
    .reduce((rest, credential) => rest.replaceAll(credential, ''), text);

/** Recognizes credentials by their names. */
export interface CredentialNames {
  readonly has: (name: string) => boolean;
  /** True where a text may hold such a name. An escape could hide one, so a text with any escape may. */
  readonly mayStandIn: (text: string) => boolean;
}

/** Recognizes these names, in any spelling. */
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
