/** Posts to the API. */
import { describeError } from '../platform/logger';

/** A delivery to post. */
export interface ProbeDelivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The status of the response; or the error, if there was none. */
export interface PostResult {
  readonly status?: number;
  readonly error?: Record<string, unknown>;
}

/** A verifier ends after ten seconds. The function that posts has time for a second try. */
const DEADLINE_MS = 11_000;

/** Posts a delivery. Never throws, and never waits longer than the deadline, in milliseconds. */
export async function post(url: URL, { body, headers }: ProbeDelivery, deadlineMs = DEADLINE_MS): Promise<PostResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      // Lambda freezes the function for a minute, which no idle connection survives.
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'meetbus-probe', connection: 'close' },
      signal: AbortSignal.timeout(deadlineMs),
    });
    await response.arrayBuffer();
    return { status: response.status };
  } catch (error) {
    return { error: describeError(error) };
  }
}
