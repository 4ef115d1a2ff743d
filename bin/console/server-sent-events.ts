/** Sends values to the page as server-sent events (HTML standard, section 9.2). */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** A comment at least this often, so that neither end takes the connection for dead. */
const HEARTBEAT_MS = 15_000;

/**
 * Sends each value as an event `data`, until there is none left or the page is gone. An error of the source is the last event,
 * of the type `failure`; a source that ended is followed by the event `end`. Where the page reads slowly, the source waits.
 *
 * @param tell says what went wrong, without credentials
 */
export async function sendEvents(
  response: ServerResponse,
  values: AsyncIterable<unknown>,
  tell: (error: unknown) => string,
): Promise<void> {
  response.setHeader('content-type', 'text/event-stream');
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    for await (const value of values) {
      if (response.destroyed) return;
      if (!response.write(`data: ${JSON.stringify(value)}\n\n`)) await drainedOrGone(response);
    }
    response.end('event: end\ndata: null\n\n');
  } catch (error) {
    response.end(`event: failure\ndata: ${JSON.stringify({ error: tell(error) })}\n\n`);
  } finally {
    clearInterval(heartbeat);
  }
}

/** Waits until the page has read what was sent, or is gone. */
async function drainedOrGone(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const first = (event: string) => once(response, event, { signal: over.signal });
  // Without the abort each wait would leave a listener behind.
  await Promise.race([first('drain'), first('close')]).finally(() => over.abort());
}
