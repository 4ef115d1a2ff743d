/** What normalization gives, and the pieces that the providers' normalizers are built from. */
import * as z from 'zod/mini';
import type { MeetingEvent, MeetingEventType } from '../../events';

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

/** An id: a non-empty text, or a number, which becomes text. */
export const id = z.pipe(
  z.union([z.string().check(z.minLength(1)), z.number()]),
  z.transform((value) => String(value)),
);

/** Absent and null are the same to us: the provider did not say. */
export const maybe = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));

/** What is taken if it fits and left out if not: a thing beside the point must not cost an event. */
export const lenient = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(maybe(schema), undefined);

/** Free-form labels. */
export const labels = z.record(z.string(), z.unknown());

type Absent = null | undefined;
type Compact<T> = { [Key in keyof T as Absent & T[Key] extends never ? Key : never]: T[Key] } & {
  [Key in keyof T as Absent & T[Key] extends never ? never : Key]?: NonNullable<T[Key]>;
};

/** The object without the members that are null or undefined. */
export const compact = <T extends object>(object: T): Compact<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined)) as Compact<T>;
