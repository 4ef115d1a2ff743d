/** Where the person is: `#/<view>/<argument>?<query>` in the page's address, so that a place can be kept and gone back to. */
import { useEffect, useState } from 'preact/hooks';

/** A place in the page. */
export interface Place {
  /** Name of the view, such as `live`. */
  readonly view: string;
  /** What it is about, such as the id of an event; empty if about nothing. */
  readonly about: string;
  readonly query: URLSearchParams;
}

/** Reads a place from the hash of an address. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view = '', ...about] = path.split('/');
  return { view: view || 'live', about: decoded(about.join('/')), query: new URLSearchParams(query) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a place in the page. */
export const linkTo = (view: string, about = '', query?: Readonly<Record<string, string>>): string => {
  const search = new URLSearchParams(query).toString();
  return `#/${view}${about && `/${encodeURIComponent(about)}`}${search && `?${search}`}`;
};

/** The place where the person is now. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    // It may have changed since the first drawing.
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return placeOf(hash);
}
