/** One try of a request, as a provider makes it. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { Semaphore } from '@meetbus/local-cloud/lambda/semaphore';

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

/** What comes back of one try. */
export interface Reply {
  readonly answer: Answer;
  /** Value of the header `Retry-After`, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly body: string;
}

/** Makes one try. Never rejects. */
export type Post = (attempt: Attempt, timeLimitMs: number) => Promise<Reply>;

/** The connection broke, or the time was up. */
export const NO_REPLY: Reply = { answer: 'none', body: '' };

/** Posts to that API. Redirects are not followed: no provider does. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #places = new Map<string, Semaphore>();
  #waiting = 0;

  /**
   * @param triesAtOnce tries under way at one time on one route. The local cloud runs at most eight processes of a
   *   function: a ninth event would wait there, as it never would on AWS
   */
  constructor(
    private readonly apiUrl: string,
    private readonly triesAtOnce: number,
  ) {}

  /** Tries that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  readonly post: Post = async (attempt, timeLimitMs) => {
    const places = this.#placesOn(attempt.path);
    this.#waiting += 1;
    await places.acquire();
    this.#waiting -= 1;
    try {
      return await this.#try(attempt, timeLimitMs);
    } finally {
      places.release();
    }
  };

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  #placesOn(path: string): Semaphore {
    // Without the token, which may stand in the query or at the end of the path.
    const route = path.split('?')[0]!.split('/', 3).join('/');
    const places = this.#places.get(route) ?? new Semaphore(this.triesAtOnce);
    this.#places.set(route, places);
    return places;
  }

  async #try(attempt: Attempt, timeLimitMs: number): Promise<Reply> {
    const signal = AbortSignal.timeout(timeLimitMs);
    try {
      const outgoing = request(new URL(attempt.path.slice(1), this.apiUrl), {
        method: 'POST',
        agent: this.#agent,
        headers: { 'content-type': 'application/json', ...attempt.headers },
        signal,
      });
      outgoing.end(attempt.body);
      const [incoming] = (await once(outgoing, 'response', { signal })) as [IncomingMessage];
      const body = Buffer.concat(await incoming.toArray()).toString();
      const retryAfterSeconds = Number(incoming.headers['retry-after']);
      return {
        answer: incoming.statusCode ?? 'none',
        ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
        body,
      };
    } catch {
      return NO_REPLY;
    }
  }
}

export const isAccepted = (answer: Answer): boolean => answer !== 'none' && answer >= 200 && answer < 300;
