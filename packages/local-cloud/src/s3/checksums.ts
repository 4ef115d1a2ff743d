/** Holds the bytes that have come against the checksums that came with them. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../service';
import { crc32c, crc64nvme } from './crc';

const PREFIX = 'x-amz-checksum-';

const hash = (algorithm: string) => (body: Buffer) => createHash(algorithm).update(body).digest();
const md5 = hash('md5');
const sha256 = hash('sha256');

function crc32Of(body: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes;
}

/** By the name at the end of the header. */
const ALGORITHMS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  crc32: crc32Of,
  crc32c,
  crc64nvme,
  sha1: hash('sha1'),
  sha256,
};

/**
 * @param headers names in lower case; trailers among them
 * @throws AwsError `InvalidDigest` or `InvalidRequest` for a checksum that is none, `BadDigest` or
 *   `XAmzContentSHA256Mismatch` for one of other bytes
 */
export function checkChecksums(headers: Readonly<Record<string, string>>, body: Buffer): void {
  checkContentMd5(headers['content-md5'], body);
  checkContentSha256(headers['x-amz-content-sha256'], body);
  const given = Object.keys(ALGORITHMS).filter((name) => headers[PREFIX + name] !== undefined);
  if (given.length > 1) {
    throw new AwsError('InvalidRequest', `Expecting a single ${PREFIX} header, not ${given.join(' and ')}.`);
  }
  for (const name of given) {
    const text = headers[PREFIX + name]!;
    const calculated = ALGORITHMS[name]!(body);
    if (!isBase64Of(text, calculated.length)) {
      throw new AwsError('InvalidRequest', `Value for ${PREFIX}${name} header is invalid.`);
    }
    if (text !== calculated.toString('base64')) {
      throw new AwsError('BadDigest', `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
    }
  }
}

function checkContentMd5(text: string | undefined, body: Buffer): void {
  if (text === undefined) return;
  const calculated = md5(body);
  if (!isBase64Of(text, calculated.length)) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (text !== calculated.toString('base64')) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

/** Other values than a hash say that the body is not signed, or in chunks. */
function checkContentSha256(text: string | undefined, body: Buffer): void {
  if (text === undefined || !/^[0-9a-f]{64}$/i.test(text)) return;
  if (text.toLowerCase() === sha256(body).toString('hex')) return;
  throw new AwsError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

function isBase64Of(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text;
}
