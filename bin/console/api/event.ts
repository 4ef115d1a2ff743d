/** What the server and the page say to each other about one event. */
import type { DeliveryRow } from './live';

/** A place on the way of an event. */
export interface Station {
  readonly name: 'request' | 'proof' | 'queue' | 'consumer' | 'intake bus' | 'shared bus';
  /** `stopped`: it ended here. `waiting`: it is here now, as far as the logs tell. `unseen`: no log line tells of it. */
  readonly state: 'passed' | 'stopped' | 'waiting' | 'unseen';
  /** When it got there. */
  readonly time?: string;
  /** How long it was there. */
  readonly tookMs?: number;
  /** One line about it. */
  readonly says: string;
}

/** A log line about an event, without credentials. */
export interface LoggedLine {
  readonly time: string;
  readonly logGroup: string;
  readonly text: string;
}

/** An event of the same subject that made another one stale. */
export interface NewerEvent {
  readonly eventId: string;
  /** When it happened. */
  readonly time: string;
  readonly type: string;
}

/** Answer of `GET /api/events/:id`: what the logs tell. */
export interface EventPage {
  /** Absent for a request that brought no event. */
  readonly eventId?: string;
  readonly deliveryId?: string;
  readonly provider: string;
  readonly providerEvent: string;
  readonly type: string;
  readonly subject: string;
  /** When it happened, as its provider says. */
  readonly happened?: string;
  /** What proved the sender. */
  readonly proof?: string;
  /** Why it was not recognized: the reason, and the members of the payload that do not fit. */
  readonly notRecognized?: { readonly reason: string; readonly problems: string };
  readonly way: readonly Station[];
  /** Why it is not on the shared bus, and what to do. */
  readonly missing?: string;
  /** Lines that are not there. */
  readonly gap?: string;
  /** Every request that brought it, the oldest first: retries and duplicates too. */
  readonly deliveries: readonly DeliveryRow[];
  /** Present if a newer event of its subject was published before; without `by`, the logs no longer have that one. */
  readonly stale?: { readonly by?: NewerEvent };
  /** The dead-letter queue where it may be, and how many messages that holds. */
  readonly deadLetters?: { readonly queue: string; readonly messages: number };
  /** About the request: what the logs keep of it. No log keeps its headers and its body. */
  readonly request: Readonly<Record<string, string>>;
  readonly lines: readonly LoggedLine[];
  /** X-Ray traces, with their address on AWS. */
  readonly traces: readonly { readonly traceId: string; readonly url?: string }[];
  /** The archive has it, or will have it. */
  readonly isArchived: boolean;
  /** URL of the API's route that took it. */
  readonly url?: string;
}

/** A rule that the event matches. Targets are ARNs. */
export interface EventReceiver {
  readonly rule: string;
  readonly isEnabled: boolean;
  readonly targets: readonly string[];
}

/** What the archive tells. Credentials are masked in all of it. */
export interface ArchivedEvent {
  /** What came; absent if it was not kept. */
  readonly came?: unknown;
  readonly became: unknown;
  /** The event as EventBridge delivers it. */
  readonly envelope: unknown;
  readonly bus: 'shared' | 'intake';
  readonly receivers: readonly EventReceiver[];
}

/** Messages of `POST /api/events/:id/archive`: one at the beginning, one at the end. */
export type ArchiveMessage =
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly archived?: ArchivedEvent };

/** Body of `POST /api/events/:id/resend`. */
export interface ResendRequest {
  readonly rule: string;
  readonly bus: 'shared' | 'intake';
}

/** Messages of `POST /api/events/:id/resend`: one at the beginning, one at the end. */
export interface ResendMessage {
  /** State of the replay, as EventBridge names it. */
  readonly state: string;
  readonly targets: readonly string[];
}
