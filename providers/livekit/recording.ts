/** What an egress has stored. */
import { compact } from '../kit/normalize';
import type { Egress } from './payloads';

const NANOSECONDS = 1e9;

/** Zero means that a number is not set. */
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

/** Without storage LiveKit leaves a file on its own disk, and its location is a path there. */
const isLink = (location: string | undefined): location is string => /^[a-z][a-z0-9+.-]*:\/\/./i.test(location ?? '');

/** Files first, then playlists. The older names of the results repeat the newer ones. */
function storedBy(egress: Egress) {
  const files = egress.fileResults.length > 0 ? egress.fileResults : [egress.file ?? []].flat();
  const playlists = egress.segmentResults.length > 0 ? egress.segmentResults : [egress.segments ?? []].flat();
  return [
    ...files.map(({ filename, location, ...rest }) => ({ kind: 'file', name: filename, url: location, ...rest })),
    ...playlists.map(({ playlistName, playlistLocation, ...rest }) => ({
      ...{ kind: 'segments', name: playlistName, url: playlistLocation, ...rest },
    })),
  ];
}

/** Length, name and size of the first of them. */
export function fileFieldsOf(egress: Egress) {
  const [first] = storedBy(egress);
  const nanoseconds = positive(first?.duration);
  return {
    duration: nanoseconds && nanoseconds / NANOSECONDS,
    filename: first?.name || undefined,
    filesize: positive(first?.size),
  };
}

/** Where to fetch them; undefined while nothing is stored. */
export function downloadOf(egress: Egress) {
  const files = storedBy(egress).flatMap(({ kind, name, url, size, startedAt, endedAt }) =>
    isLink(url)
      ? [
          compact({
            ...{ url, kind, name: name || undefined },
            ...{ size: positive(size), startedat: startedAt, endedat: endedAt },
          }),
        ]
      : [],
  );
  const [file] = files;
  if (file === undefined) return undefined;
  return files.length === 1 ? { url: file.url } : { files };
}
