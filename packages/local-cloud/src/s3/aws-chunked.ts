/**
 * The `aws-chunked` encoding, in which SDKs send a body whose checksum is known only at its end: chunks of
 * `<hexadecimal size>[;chunk-signature=…]\r\n<bytes>\r\n`, one of size 0, then trailers as header lines.
 */

import { AwsError } from '../service';

/** @throws AwsError `IncompleteBody` */
export function decodeAwsChunked(encoded: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = encoded.indexOf('\r\n', position);
    const [digits] = /^[0-9a-f]+/i.exec(encoded.toString('latin1', position, Math.max(position, lineEnd))) ?? [];
    const size = Number.parseInt(digits ?? '', 16);
    if (Number.isNaN(size)) {
      throw new AwsError('IncompleteBody', 'The body is not well-formed aws-chunked: a chunk has no size.');
    }
    const start = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(encoded.toString('latin1', start)) };
    chunks.push(encoded.subarray(start, start + size));
    position = start + size + 2;
  }
}

function readTrailers(lines: string): Record<string, string> {
  const pairs = lines
    .split('\r\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
  return Object.fromEntries(pairs);
}
