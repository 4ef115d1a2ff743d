/** The event pattern of a subscription. */

import { CATALOGUE, FAMILY_OF, MEETING_EVENT_TYPES, type MeetingEventType, sourceOf } from '@meetbus/events';
import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { isProviderName } from '../../lambdas/ingest/delivery-message';
import { ConfigurationError } from '../configuration';

/** The types that reach subscribers. `event.unrecognized` stays on the intake bus. */
export type SubscribableType = Exclude<MeetingEventType, 'event.unrecognized'>;

/** Longest event pattern that EventBridge accepts, in characters: its default quota. */
export const MAX_PATTERN_LENGTH = 2_048;

/** A value, or several, one of which must match. EventBridge distinguishes `5` from `'5'`. */
export type OneOrMore<Value> = Value | readonly Value[];

/** Filters on an entity of an event; all of them must match. */
export interface EntityFilter {
  readonly id?: OneOrMore<string>;
  /** Labels that the customer attached at the provider, by name. */
  readonly metadata?: Readonly<Record<string, OneOrMore<string | number | boolean>>>;
}

/** Filters on fields of an event. All must match; an event without the field does not match. */
export interface MeetingEventFilter {
  /** Name of a provider, such as `acme`. @default every provider */
  readonly provider?: OneOrMore<string>;
  /** Codes are the provider's own words, and an open list. */
  readonly status?: { readonly code?: OneOrMore<string>; readonly subcode?: OneOrMore<string> };
  readonly bot?: EntityFilter;
  readonly endpoint?: EntityFilter;
  readonly recording?: EntityFilter;
  readonly transcript?: EntityFilter;
  readonly upload?: EntityFilter;
  readonly slackteam?: EntityFilter;
  readonly media?: EntityFilter & { readonly kind?: OneOrMore<string> };
  readonly calendar?: Pick<EntityFilter, 'id'>;
  readonly livestream?: Pick<EntityFilter, 'id'>;
  readonly meeting?: {
    readonly id?: OneOrMore<string>;
    readonly sessionid?: OneOrMore<string>;
    readonly title?: OneOrMore<string>;
    readonly organization?: Pick<EntityFilter, 'id'>;
  };
  readonly participant?: {
    readonly id?: OneOrMore<string>;
    readonly email?: OneOrMore<string>;
    readonly customid?: OneOrMore<string>;
    readonly platform?: OneOrMore<string>;
    readonly ishost?: boolean;
  };
}

/** The events that a subscription selects. */
export interface Selection {
  readonly types: readonly SubscribableType[];
  readonly where?: MeetingEventFilter | undefined;
  readonly stale?: 'include' | 'leave-out' | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

type Pattern = { readonly [field: string]: Pattern | readonly unknown[] };

/**
 * The event pattern of a selection.
 *
 * @param known names of the providers, if the Meetbus is known
 * @throws ConfigurationError for an empty filter, for one on an entity that one of the types never has, for a name that is
 * none, and for a `detail` that is no pattern
 */
export function patternOf(
  { types, where = {}, stale = 'include', detail = {} }: Selection,
  known?: readonly string[],
): events.EventPattern {
  checkTypes(types);
  const { provider, ...entities } = defined(where) as MeetingEventFilter;
  checkEntities(types, entities);
  const data = toPattern(entities, 'where');
  const own: Pattern = {
    ...(stale === 'leave-out' && { stale: [{ exists: false }] }),
    ...(Object.keys(data).length > 0 && { data }),
  };
  checkShape(detail, 'detail');
  const merged = merge(own, detail as Pattern, 'detail');
  return {
    source: provider === undefined ? events.Match.prefix(sourceOf('')) : providersOf(provider, known).map(sourceOf),
    detailType: [...new Set(types)],
    ...(Object.keys(merged).length > 0 && { detail: merged }),
  };
}

/** @throws ConfigurationError if the pattern of a rule in the template is longer than EventBridge accepts */
export function checkPatternLength(rule: events.Rule): void {
  const { eventPattern } = rule.node.defaultChild as events.CfnRule;
  const { length } = JSON.stringify(Stack.of(rule).resolve(eventPattern));
  if (length <= MAX_PATTERN_LENGTH) return;
  throw new ConfigurationError(
    `The event pattern has ${length} characters, and EventBridge takes ${MAX_PATTERN_LENGTH}: split the types or values over several subscriptions.`,
  );
}

function checkTypes(types: readonly SubscribableType[]): void {
  if (types.length === 0) throw new ConfigurationError('types: name at least one, such as recording.ready.');
  for (const type of types as readonly string[]) {
    if (type === 'event.unrecognized') {
      throw new ConfigurationError('types: event.unrecognized stays on the intake bus, which is private to Meetbus.');
    }
    if (!Object.hasOwn(FAMILY_OF, type)) {
      throw new ConfigurationError(`types: there is no ${type}. There are ${MEETING_EVENT_TYPES.join(', ')}.`);
    }
  }
}

function providersOf(wanted: OneOrMore<string>, known: readonly string[] | undefined): string[] {
  const providers = listOf(wanted, 'where.provider') as string[];
  const unknown = providers.find((name) => (known ? !known.includes(name) : !isProviderName(name)));
  if (unknown === undefined) return providers;
  const there = known ? `There are ${known.join(', ')}.` : 'A name has lower-case letters, digits and hyphens.';
  throw new ConfigurationError(`where.provider: there is no ${unknown}. ${there}`);
}

function checkEntities(types: readonly SubscribableType[], entities: object): void {
  for (const entity of Object.keys(entities)) {
    const without = types.filter((type) => !Object.hasOwn(CATALOGUE[type].schema.shape.data.shape, entity));
    if (without.length === 0) continue;
    throw new ConfigurationError(
      `where.${entity}: ${without.join(', ')} has no ${entity}, so the filter would never match. Give it a subscription of its own.`,
    );
  }
}

/** Removes undefined members at every level. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== undefined);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, defined(field)]));
}

function toPattern(filter: object, path: string): Pattern {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => {
      const field = `${path}.${name}`;
      if (Array.isArray(value) || value === null || typeof value !== 'object') return [name, listOf(value, field)];
      checkNotEmpty(value, field);
      return [name, toPattern(value, field)];
    }),
  );
}

function checkNotEmpty(value: object, path: string): void {
  if (Object.keys(value).length === 0) throw new ConfigurationError(`${path}: is empty. Leave it out.`);
}

function listOf(value: unknown, path: string): unknown[] {
  const values = [value].flat();
  if (values.length === 0) throw new ConfigurationError(`${path}: an empty list matches no event. Leave it out.`);
  return values;
}

/**
 * Checks what EventBridge would reject only at deployment: values must be in lists, and nothing may be empty.
 *
 * @throws ConfigurationError that names the field
 */
function checkShape(pattern: unknown, path: string): void {
  for (const [name, value] of Object.entries(pattern as object)) {
    const field = `${path}.${name}`;
    if (Array.isArray(value)) {
      listOf(value, field);
      if (name === '$or') for (const [index, branch] of value.entries()) checkShape(branch, `${field}[${index}]`);
    } else if (value === null || typeof value !== 'object') {
      throw new ConfigurationError(`${field}: must be a list, such as [${JSON.stringify(value)}].`);
    } else {
      checkNotEmpty(value, field);
      checkShape(value, field);
    }
  }
}

/** Both must match; EventBridge accepts only one list of values for a field. */
function merge(own: Pattern, given: Pattern, path: string): Pattern {
  const merged: Record<string, Pattern | readonly unknown[]> = { ...own };
  for (const [name, value] of Object.entries(given)) {
    const mine = own[name];
    merged[name] = mine === undefined ? value : mergeField(mine, value, `${path}.${name}`);
  }
  return merged;
}

function mergeField(mine: Pattern | readonly unknown[], value: Pattern | readonly unknown[], path: string): Pattern {
  if (!isList(mine) && !isList(value)) return merge(mine, value, path);
  throw new ConfigurationError(`${path}: is filtered by where or stale already. Say it in one place.`);
}

const isList = (value: Pattern | readonly unknown[]): value is readonly unknown[] => Array.isArray(value);
