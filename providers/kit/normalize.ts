/** What normalization gives, and the pieces that the providers' normalizers are built from. */

import type { MeetingEvent, MeetingEventType } from '@meetbus/events';
import * as z from 'zod/mini';
import { digitsOf, isExactNumber } from './json';
import { utcTimeOf } from './time';

/** A meeting event without its envelope. */
export type Normalized = {
  [Type in MeetingEventType]: {
    readonly type: Type;
    readonly subject: string;
    /** When it happened, where the provider says. */
    readonly time: string | undefined;
    readonly data: MeetingEvent<Type>['data'];
  };
}[MeetingEventType];

/** A payload that breaks its schema: where, and what was expected there. Never a value. */
export interface Mismatch {
  readonly problems: readonly string[];
}

/** Turns the body of one provider event into a meeting event. */
export type Rule = (body: unknown, event: string) => Normalized | Mismatch;

const MAX_PROBLEMS = 10;

/** A rule: the shape that the body must have, and what is made of it. */
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

/** Path and expectation alone: the message of an issue may quote the value. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.slice(0, 10).map(String).join('.').slice(0, 200);
  const expected = issue.code === 'invalid_type' ? issue.expected : issue.code;
  return `${path || 'body'}: ${expected}`;
}

/** What is taken if it fits, and undefined if not or null: a thing beside the point must not cost an event. */
export const lenient = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.catch(z.optional(z.nullable(schema)), undefined),
    z.transform((value) => value ?? undefined),
  );

/** A number, its digits kept or not, as text. */
const digits = z.pipe(
  z.custom<unknown>((value) => digitsOf(value) !== undefined),
  z.transform((value) => digitsOf(value) ?? ''),
);

/** An id: a non-empty text, or a number, which becomes text with the digits that were sent. */
export const id = z.union([
  z.string().check(z.minLength(1)),
  // 7.0 is the 7 of other deliveries.
  z.pipe(
    digits,
    z.transform((text) => (Number.isSafeInteger(Number(text)) ? String(Number(text)) : text)),
  ),
]);

/** Pieces that an event can do without. */
export const text = lenient(z.string());
export const flag = lenient(z.boolean());
export const number = lenient(z.pipe(z.pipe(digits, z.transform(Number)), z.number()));
/** A time of the provider's, in UTC. */
export const time = lenient(z.pipe(z.unknown(), z.transform(utcTimeOf)));
/** Free-form labels. */
export const labels = lenient(z.pipe(z.transform(withoutDigits), z.record(z.string(), z.unknown())));

/** An object. What else it holds is left where it is. */
export const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.pipe(z.transform(withoutDigits), z.object(shape));

/** The items that fit, none where it is no list. */
export const list = <Schema extends z.ZodMiniType>(item: Schema) =>
  z.pipe(
    lenient(z.array(lenient(item))),
    z.transform((items) => (items ?? []).filter((one): one is NonNullable<typeof one> => one !== undefined)),
  );

/** A number that keeps its digits is an object to JavaScript, and none to anybody else. */
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
