/**
 * Keeps web pages away from what listens on this machine. A page anywhere can have its own name resolve to 127.0.0.1 (DNS
 * rebinding) and then read answers, secrets among them; but its requests carry that name in `Host`, or the page's own
 * address in `Origin`.
 */
import type { IncomingMessage } from 'node:http';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Ends a name of a bucket in S3's virtual-host style; every name below `localhost` is this machine. */
const BUCKET_HOST = /^[a-z0-9.-]+\.localhost$/;

/**
 * Why a request is none of a program on this machine that was told the server's address; undefined when it may be.
 *
 * @param buckets whether names such as `files.localhost` are the server's too
 */
export function foreignCaller(
  { headers, socket }: IncomingMessage,
  { buckets = false }: { readonly buckets?: boolean } = {},
): string | undefined {
  const { host = '', origin } = headers;
  const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(host.toLowerCase()) ?? [];
  const { localPort } = socket;
  const isHere =
    (NAMES.includes(name) && Number(port || 80) === localPort) ||
    (buckets && BUCKET_HOST.test(name) && Number(port || localPort) === localPort);
  const ours = `127.0.0.1:${localPort} or localhost:${localPort}`;
  if (!isHere)
    return `The request names the host "${host}". Call it ${ours}; a tunnel must send that as its Host header.`;
  const isOwnPage = origin === undefined || NAMES.some((one) => origin === `http://${one}:${localPort}`);
  return isOwnPage ? undefined : `The request comes from a web page of ${origin}. Only pages of ${ours} may call.`;
}
