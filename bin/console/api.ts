/**
 * What the server and the page of the console say to each other: types only, so that the page loads nothing of the server. Times
 * are ISO 8601 in UTC.
 */

/** Answer of `GET /api/about`. */
export interface About {
  /** Version of the command line. */
  readonly version: string;
  readonly stack: string;
  readonly where: 'local' | 'aws';
  readonly region?: string;
  readonly allowsChanges: boolean;
  /** The providers that are deployed. */
  readonly providers: readonly { readonly name: string; readonly title: string }[];
  /** Every type of meeting event. */
  readonly types: readonly string[];
}

/** Answer of every route that fails, with a status from 400 on. */
export interface Failure {
  /** What is wrong, and what to do. */
  readonly error: string;
}
