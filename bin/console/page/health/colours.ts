/** Colours of charts: a canvas takes none from the style sheet. */
import { useEffect, useState } from 'preact/hooks';

export type Scheme = 'light' | 'dark';

interface Colours {
  /** Of the lines, in their order; all are told apart, also by people who see red and green alike. */
  readonly lines: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly mark: string;
}

const COLOURS: Readonly<Record<Scheme, Colours>> = {
  light: {
    lines: ['#0b62c4', '#c2570c', '#0f766e', '#a21caf', '#4d7c0f', '#be123c', '#6d5bd0', '#7c5c10', '#475569'],
    text: '#57606a',
    grid: '#e4e7eb',
    mark: '#b42318',
  },
  dark: {
    lines: ['#6cb2ff', '#ffa657', '#4fd1c5', '#e58af0', '#a3d65c', '#ff8fa3', '#b4a5ff', '#e3c567', '#a8b3c2'],
    text: '#9aa4b2',
    grid: '#2a303a',
    mark: '#ff9b93',
  },
};

export const coloursOf = (scheme: Scheme): Colours => COLOURS[scheme];

const DARK = '(prefers-color-scheme: dark)';

/** Whether the page is light or dark now. */
export function useScheme(): Scheme {
  const [scheme, setScheme] = useState<Scheme>(() => (matchMedia(DARK).matches ? 'dark' : 'light'));
  useEffect(() => {
    const query = matchMedia(DARK);
    const follow = () => setScheme(query.matches ? 'dark' : 'light');
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return scheme;
}
