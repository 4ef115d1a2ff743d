/** One try of a request, as a provider makes it. */

/** One try of a delivery. */
export interface Attempt {
  /** Id of the event that the delivery must become, computed by this test alone. */
  readonly eventId: string;
  /** With the query string, from the API's root: `/recall/webhooks`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The status of an answer; `none` where the connection broke or the time was up. */
export type Answer = number | 'none';

/** Makes one try. Never rejects. */
export type Post = (attempt: Attempt, timeLimitMs: number) => Promise<Answer>;

/** Posts to that API. Redirects are not followed: no provider does. */
export const createPost =
  (apiUrl: string): Post =>
  async ({ path, headers, body }, timeLimitMs) => {
    try {
      const response = await fetch(new URL(path.slice(1), apiUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeLimitMs),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 'none';
    }
  };

export const isAccepted = (answer: Answer): boolean => answer !== 'none' && answer >= 200 && answer < 300;
