/**
 * The two forms of a member of a secret: a list of texts, `{"signingKeys":["…"]}`, or an object from names to values,
 * `{"apiKeys":{"<name>":"<value>"}}`. Commands and samples handle an entry as one text in both forms.
 */
import { asObject, type JsonObject } from './values';

/** A member of a secret. */
export interface SecretMember {
  /** Its name in the secret. */
  readonly member: string;
  /**
   * Set if the member is an object from names to values. An entry is then the text `<name>:<value>`, and no name has a colon. The
   * newest entry is the last one; but JavaScript puts names that are whole numbers first.
   *
   * @default a list of texts, the newest last
   */
  readonly isNamed?: true;
}

/** An entry as the JSON has it. */
export interface StoredEntry {
  /** Absent in a list. */
  readonly name?: string;
  /** A text, unless somebody wrote something else by mistake. */
  readonly value: unknown;
}

/** The entries of a member, oldest first; none where it is missing, and undefined where it has the other form, or none of both. */
export function storedEntries(json: unknown, { member, isNamed }: SecretMember): readonly StoredEntry[] | undefined {
  const value = asObject(json)?.[member] ?? undefined;
  if (value === undefined) return [];
  if (!isNamed) return Array.isArray(value) ? value.map((item: unknown) => ({ value: item })) : undefined;
  const object = asObject(value);
  return object && Object.entries(object).map(([name, item]) => ({ name, value: item }));
}

/** The member's JSON with these entries. */
export const memberWith = ({ isNamed }: SecretMember, entries: readonly StoredEntry[]): unknown =>
  isNamed
    ? Object.fromEntries(entries.map(({ name = '', value }) => [name, value]))
    : entries.map(({ value }) => value);

/** The entry that a text stands for. Without a colon, a text for a named entry has an empty name. */
export function storedEntry({ isNamed }: SecretMember, text: string): StoredEntry & { readonly value: string } {
  if (!isNamed) return { value: text };
  const colon = text.indexOf(':');
  return { name: text.slice(0, Math.max(colon, 0)), value: text.slice(colon + 1) };
}

/** The text that stands for an entry; undefined where the value is no text, or the name has a colon. */
export function textOf({ name, value }: StoredEntry): string | undefined {
  if (typeof value !== 'string' || name?.includes(':')) return undefined;
  return name === undefined ? value : `${name}:${value}`;
}

/** A secret's JSON with these entries, as texts by member. */
export const secretWith = (
  members: readonly SecretMember[],
  entries: Readonly<Record<string, readonly string[]>>,
): JsonObject =>
  Object.fromEntries(
    Object.entries(entries).map(([name, texts]) => {
      const member = members.find((one) => one.member === name) ?? { member: name };
      return [
        name,
        memberWith(
          member,
          texts.map((text) => storedEntry(member, text)),
        ),
      ];
    }),
  );
