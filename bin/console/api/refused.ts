/** What the view Refused shows. Times are ISO 8601 in UTC. */

/** Answer of `GET /api/refused?since=<option>`. */
export interface Refused {
  /** The time of the look-back. */
  readonly from: string;
  readonly to: string;
  /** Deliveries of that time, those that were taken in too. */
  readonly deliveries: number;
  /** Largest first. */
  readonly reasons: readonly RefusalReason[];
  /** Single ones, the newest first. */
  readonly newest: readonly RefusedDelivery[];
  /** What the gateway refused before a verifier saw it. */
  readonly atGateway: readonly GatewayRefusal[];
}

/** Deliveries of one provider with one outcome. */
export interface RefusalReason {
  readonly provider: string;
  readonly title: string;
  readonly outcome: string;
  /** What the provider got. */
  readonly status: 401 | 503;
  readonly count: number;
  readonly latest: string;
  readonly remedy: string;
}

export interface RefusedDelivery {
  readonly time: string;
  readonly provider: string;
  readonly outcome: string;
  readonly correlationId: string;
  readonly milliseconds: number;
}

export interface GatewayRefusal {
  readonly path: string;
  readonly method: string;
  readonly status: string;
  readonly sourceIp: string;
  readonly count: number;
  readonly latest: string;
}

/** Answer of `GET /api/unrecognized?since=<option>`. */
export interface Unrecognized {
  readonly from: string;
  readonly to: string;
  /** Largest first. */
  readonly reasons: readonly UnrecognizedReason[];
  /** Single ones, the newest first. */
  readonly newest: readonly UnrecognizedEvent[];
}

/** Events that were not recognized for one reason. */
export interface UnrecognizedReason {
  readonly reason: string;
  readonly count: number;
  readonly latest: string;
  /** Provider event names, the most frequent first. */
  readonly names: readonly { readonly name: string; readonly count: number }[];
  readonly remedy: string;
  /** Whether `reprocess` takes the reason: never `signature_required`, and none of an older version. */
  readonly canReprocess: boolean;
}

export interface UnrecognizedEvent {
  readonly time: string;
  readonly eventId: string;
  readonly provider: string;
  readonly providerEvent: string;
  readonly reason: string;
  /** The members of the payload that do not fit. */
  readonly problems?: string;
}

/** Body of `POST /api/unrecognized/reprocess`. */
export interface ReprocessRequest {
  readonly dryRun: boolean;
  /** As the option `--since`. */
  readonly since: string;
  /** Only these reasons; all if empty. */
  readonly reasons: readonly string[];
  /** Organizations to trust besides those of the settings; `*` is every sender. */
  readonly organizations: readonly string[];
}

/** Values of the stream that answers a {@link ReprocessRequest}; the last one has `groups`. */
export type ReprocessProgress =
  | { readonly seen: number }
  | {
      readonly isWhole: boolean;
      readonly groups: readonly ReprocessGroup[];
      /** What to do about those that were not sent. */
      readonly remedies: readonly string[];
    };

/** Events that are alike. */
export interface ReprocessGroup {
  readonly reason: string;
  readonly providerEvent: string;
  readonly count: number;
  /** The type under which they are published; absent where they are not sent. */
  readonly becomes?: string;
  /** Why they are not sent, in a word or two. */
  readonly leftAside?: string;
}
