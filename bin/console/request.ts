/** Reads what the page sends. */
import type { IncomingMessage } from 'node:http';

/** A request that is refused, with its HTTP status. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** More than the largest body that API Gateway takes (10 MB), as JSON in a string. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** @throws RequestError if it is no JSON, or too large */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // What is too large is still read to its end: whoever is sending it would not see an answer before.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw new RequestError(413, `The console takes at most ${MAX_BODY_BYTES} bytes.`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new RequestError(400, 'The body is not JSON.');
  }
}
