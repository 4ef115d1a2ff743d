/** Addresses in LiveKit's texts. The path and the query of a stream's address may be its key. */

/** Schemes whose host is a server. The host of `mux://` and `twitch://` is a stream key. */
const SERVER = /^(rtmps?|srt|wss?):\/\/(?:[^/?#\s]*@)?([a-z0-9.:[\]-]+)/i;

/** The server that takes a stream in, without anything that could be a credential: `rtmps://live.example.com`. */
export function serverOf(address: string): string | undefined {
  const [, scheme, host] = SERVER.exec(address) ?? [];
  return scheme && host ? `${scheme.toLowerCase()}://${host}` : undefined;
}

/** The text without addresses. */
export const withoutAddresses = (text: string): string =>
  text.replace(/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>]+/gi, '…');
