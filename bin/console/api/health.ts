/** What the view Health shows. Times are ISO 8601 in UTC unless said otherwise. */

/** Values of the stream that answers `POST /api/health/check`: first all checks, then the findings of each as it is done. */
export type CheckProgress =
  | { readonly checks: readonly string[] }
  | { readonly check: string; readonly findings: readonly Finding[] };

export interface Finding {
  /** The subject. */
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly remedy?: string;
}

/** Answer of `GET /api/health/alarms`: those that fire first. */
export interface Alarms {
  readonly alarms: readonly Alarm[];
}

export interface Alarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly since?: string;
  /** CloudWatch's words. */
  readonly reason: string;
  /** What it means. */
  readonly meaning: string;
  /** `page` or `ticket`; empty if unknown. */
  readonly severity: string;
  /** Anchor of its section in the runbook; absent if unknown. */
  readonly section?: string;
}

/** Answer of `GET /api/runbook/:section`. */
export interface RunbookSection {
  readonly title: string;
  readonly html: string;
}

/** Answer of `GET /api/health/flow?hours=`. */
export interface Flow {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly numbers: readonly FlowNumbers[];
  readonly graphs: readonly FlowGraph[];
}

/** Some numbers of the dashboard. */
export interface FlowNumbers {
  readonly title: string;
  readonly values: readonly { readonly label: string; readonly value: number }[];
}

/** A graph of the dashboard. */
export interface FlowGraph {
  readonly title: string;
  readonly isStacked: boolean;
  /** Seconds of each value. */
  readonly period: number;
  /** Lines at a fixed height, such as an objective. */
  readonly marks: readonly { readonly value: number; readonly label: string }[];
  readonly lines: readonly {
    readonly label: string;
    /** Time in milliseconds since 1970, and value; oldest first. */
    readonly points: readonly (readonly [number, number])[];
  }[];
}
