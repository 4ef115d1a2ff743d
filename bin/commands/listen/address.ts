/** The address that events are forwarded to. */
import { BlockList, isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { UsageError } from '../../usage';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Reads an address such as `http://localhost:8080/events`. */
export function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new InvalidArgumentError('Give an address with http or https, such as http://localhost:8080/events.');
}

/** The host of an address; an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether an address is on this machine, whatever a name server says. */
export function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Refuses an address of another machine.
 *
 * @throws UsageError that says why, and what to do
 */
export function checkRemote(url: URL, allowRemote: boolean | undefined): void {
  if (allowRemote || isLoopback(url)) return;
  throw new UsageError(
    `${url.host} is not localhost, 127.0.0.1 or [::1]. Events hold names, words and download links of people, so they stay on ` +
      'this machine. If they may go there, add --allow-remote.',
  );
}

/** An address as it may be shown: without credentials and query, which may hold a token. */
export const shownUrl = ({ origin, pathname }: URL): string => origin + pathname;
