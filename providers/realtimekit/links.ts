/**
 * Download links in any of RealtimeKit's shapes: one string, or the files of a track recording in lists and objects.
 */
import { asObject, type JsonObject } from '../kit/values';

/** One file to fetch. */
interface LinkedFile {
  readonly name?: string;
  readonly layer?: string;
  readonly url: string;
}

/** The content of a member with links: one link, or files. */
export interface Links {
  readonly url?: string;
  readonly files: readonly LinkedFile[];
}

/** Names of members that only say that their value is a link. */
const NAMES_OF_LINKS = /^(audio_?)?(download_?)?(urls?|links?|files?)$/i;

const LINK = /^https?:\/\//i;

/** Deeper than any known shape, and far too shallow for a stack overflow. */
const MAX_DEPTH = 8;

/** The links in a member; empty if it has none. A string may be one link, or lists and objects in JSON. */
export function linksIn(value: unknown): Links {
  const read = typeof value === 'string' ? (containerIn(value) ?? value) : value;
  if (typeof read === 'string') return read === '' ? { files: [] } : { url: read, files: [] };
  return { files: filesIn(read, {}, MAX_DEPTH) };
}

/** A list or an object in JSON; undefined for any other text. */
function containerIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The context of a value: the names of its file and of its layer. */
type Place = Omit<LinkedFile, 'url'>;

function filesIn(value: unknown, place: Place, depth: number): LinkedFile[] {
  if (typeof value === 'string') return LINK.test(value) ? [{ ...place, url: value }] : [];
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => filesIn(item, place, depth - 1));
  const object = asObject(value) ?? {};
  const layer = textAt(object, ['layer_name', 'layerName']);
  const file = textAt(object, ['name', 'file_name', 'fileName', 'filename']);
  const within = { ...place, ...(layer !== undefined && { layer }), ...(file !== undefined && { name: file }) };
  return Object.entries(object).flatMap(([name, member]) =>
    filesIn(member, NAMES_OF_LINKS.test(name) ? within : { ...within, name }, depth - 1),
  );
}

/** The first of some members that is a string but not a link. */
const textAt = (object: JsonObject, names: readonly string[]): string | undefined =>
  names.map((name) => object[name]).find((member) => typeof member === 'string' && !LINK.test(member)) as
    | string
    | undefined;
