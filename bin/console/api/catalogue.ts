/** What the catalogue of event types says, for the page and for `docs/events.md`. */

/** A field of an event. */
export interface FieldReference {
  /** Its place, such as `bot.id`. Members of a list's entries stand after `[]`. */
  readonly path: string;
  /** Name of its JSON type or format. */
  readonly kind: string;
  /** The only values that it can have, if they are fixed. */
  readonly values?: readonly string[];
  readonly isRequired: boolean;
  /** A phrase in Markdown. */
  readonly meaning: string;
}

/** A provider whose events become a type. */
export interface SenderReference {
  readonly name: string;
  readonly title: string;
  /** Its events that become the type; `when` is what their payload must have for that, in Markdown. */
  readonly events: readonly { readonly name: string; readonly when?: string }[];
}

/** A type of meeting event. */
export interface TypeReference {
  readonly type: string;
  readonly family: string;
  /** A sentence in Markdown. */
  readonly description: string;
  readonly senders: readonly SenderReference[];
  /** The fields of its `data`, without those that all types have. */
  readonly fields: readonly FieldReference[];
  /** A whole CloudEvent: the `detail` of the EventBridge event. */
  readonly example: object;
  /** Patterns for a rule on the shared bus. */
  readonly patterns: readonly { readonly title: string; readonly pattern: object }[];
}

/** Answer of `GET /api/catalogue`. */
export interface Catalogue {
  readonly types: readonly TypeReference[];
  /** The attributes that the CloudEvents of all types have. */
  readonly attributes: readonly FieldReference[];
}
