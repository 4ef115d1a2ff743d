/** The result of normalization, and building blocks for the providers' normalizers. */

import type { MeetingEvent, MeetingEventType } from '@meetbus/events';
import * as z from 'zod/mini';
import { digitsOf, isExactNumber } from './json';
import { withNames } from './spelling';
import { utcTimeOf } from './time';

/** A meeting event without its envelope. */
export type Normalized = {
  [Type in MeetingEventType]: {
    readonly type: Type;
    readonly subject: string;
    /** When it happened, if the provider says so. */
    readonly time: string | undefined;
    readonly data: MeetingEvent<Type>['data'];
  };
}[MeetingEventType];

/** A payload that does not match its schema: paths, and what was expected there. Never a value. */
export interface Mismatch {
  readonly problems: readonly string[];
}

/** Turns the body of one provider event into a meeting event. */
export type Rule = (body: unknown, event: string) => Normalized | Mismatch;

const MAX_PROBLEMS = 10;

/** A rule: the schema of the body, and the function that makes the event. */
export const rule =
  <Schema extends z.ZodMiniType>(
    schema: Schema,
    build: (body: z.output<Schema>, event: string) => Normalized | Mismatch,
  ): Rule =>
  (body, event) => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return build(parsed.data, event);
    return { problems: parsed.error.issues.slice(0, MAX_PROBLEMS).map(describeIssue) };
  };

/** A mismatch that a schema cannot express. */
export const mismatch = (...problems: readonly string[]): Mismatch => ({ problems });

/** Only path and expectation: the message of an issue may quote the value. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.slice(0, 10).map(String).join('.').slice(0, 200);
  const expected = issue.code === 'invalid_type' ? issue.expected : issue.code;
  return `${path || 'body'}: ${expected}`;
}

/** The value if it matches; undefined if it does not, or is null: an unimportant member must not lose an event. */
export const lenient = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.catch(z.optional(z.nullable(schema)), undefined),
    z.transform((value) => value ?? undefined),
  );

/** A number as a string, with its original digits if they were kept. */
const digits = z.pipe(
  z.custom<unknown>((value) => digitsOf(value) !== undefined),
  z.transform((value) => digitsOf(value) ?? ''),
);

/** An id: a non-empty string, or a number, which becomes a string with the digits that were sent. */
export const id = z.union([
  z.string().check(z.minLength(1)),
  // 7.0 is the same id as 7 in other deliveries.
  z.pipe(
    digits,
    z.transform((text) => (Number.isSafeInteger(Number(text)) ? String(Number(text)) : text)),
  ),
]);

/** Schemas for optional members. */
export const text = lenient(z.string());
export const flag = lenient(z.boolean());
export const number = lenient(z.pipe(z.pipe(digits, z.transform(Number)), z.number()));
/** A number, which may be sent as a text. */
export const numeric = lenient(
  z.pipe(z.union([z.string().check(z.regex(/\S/)), digits]), z.pipe(z.transform(Number), z.number())),
);
/** A time of the provider's, in UTC. */
export const time = lenient(z.pipe(z.unknown(), z.transform(utcTimeOf)));
/** Free-form labels. */
export const labels = lenient(z.pipe(z.transform(withoutDigits), z.record(z.string(), z.unknown())));

/** An object. Other members are left unchanged. */
export const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.pipe(z.transform(withoutDigits), z.object(shape));

/**
 * An object whose members may be spelled otherwise: with underscores, such as `download_url` for `downloadUrl`, with other capitals,
 * or in the plural.
 */
export const objectInAnySpelling = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => {
  const names = Object.keys(shape);
  return z.pipe(
    z.transform((value) => withNames(names, value)),
    z.object(shape),
  );
};

/** The items that match; none if it is not a list. */
export const list = <Schema extends z.ZodMiniType>(item: Schema) =>
  z.pipe(
    lenient(z.array(lenient(item))),
    z.transform((items) => (items ?? []).filter((one): one is NonNullable<typeof one> => one !== undefined)),
  );

/** A number that keeps its digits is an object in JavaScript, but not a JSON object. */
function withoutDigits(value: unknown): unknown {
  return isExactNumber(value) ? Number.NaN : value;
}

type Absent = null | undefined;
type Compact<T> = { [Key in keyof T as Absent & T[Key] extends never ? Key : never]: T[Key] } & {
  [Key in keyof T as Absent & T[Key] extends never ? never : Key]?: NonNullable<T[Key]>;
};

/** The object without the members that are null or undefined. */
export const compact = <T extends object>(object: T): Compact<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined)) as Compact<T>;

/** The subject of an event about a participant: `meeting/<id>/participant/<id>`, without what the provider does not name. */
export const participantSubjectOf = (
  meeting: { readonly id: string } | undefined,
  participant: { readonly id?: string },
): string =>
  [meeting && `meeting/${meeting.id}`, participant.id && `participant/${participant.id}`].filter(Boolean).join('/') ||
  'participant';
