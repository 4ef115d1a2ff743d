/** Download links, whatever shape RealtimeKit gives them: one text, or the files of a track recording in lists and objects. */
import { asObject } from '../values';

/** One file to fetch. */
interface LinkedFile {
  readonly name?: string;
  readonly layer?: string;
  readonly url: string;
}

/** What a member that holds links says: one link, or files. */
export interface Links {
  readonly url?: string;
  readonly files: readonly LinkedFile[];
}

/** Names of members that say that a link follows, not to what. */
const NAMES_OF_LINKS = /^(audio_?)?(download_?)?(urls?|links?|files?)$/i;

/** Deeper than any shape that is known, and far less than would fill the stack. */
const MAX_DEPTH = 8;

/** The links in a member; empty where it holds none. */
export function linksIn(value: unknown): Links {
  if (typeof value === 'string') return value === '' ? { files: [] } : { url: value, files: [] };
  return { files: filesIn(value, {}, MAX_DEPTH) };
}

/** What stands over a value: the names of its file and of its layer. */
type Place = Omit<LinkedFile, 'url'>;

function filesIn(value: unknown, place: Place, depth: number): LinkedFile[] {
  if (typeof value === 'string') return /^https?:\/\//i.test(value) ? [{ ...place, url: value }] : [];
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => filesIn(item, place, depth - 1));
  const object = asObject(value) ?? {};
  const layer = object.layer_name ?? object.layerName;
  const within = typeof layer === 'string' ? { ...place, layer } : place;
  return Object.entries(object).flatMap(([name, member]) =>
    filesIn(member, NAMES_OF_LINKS.test(name) ? within : { ...within, name }, depth - 1),
  );
}
