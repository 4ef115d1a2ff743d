/** The files of the page: built ones beside the packaged command line, or bundled from the sources in a clone. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The files by their path under the key. */
export type Assets = ReadonlyMap<string, Asset>;

/** Where `npm run build` puts the script and the style, seen from the bundled command line. */
const BUILT = join(__dirname, '..', 'console');

const TYPES = { 'page.js': 'text/javascript; charset=utf-8', 'page.css': 'text/css; charset=utf-8' } as const;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Meetbus console</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
</head>
<body>
<noscript>The console needs JavaScript.</noscript>
<div id="app"></div>
<script type="module" src="page.js"></script>
</body>
</html>
`;

/** Reads or bundles the files. */
export async function readAssets(): Promise<Assets> {
  const files = existsSync(join(__dirname, 'page', 'main.tsx')) ? await bundled() : built();
  const named = Object.entries(TYPES).map(
    ([name, type]) => [`/${name}`, { type, content: files[name as Name] }] as const,
  );
  return new Map<string, Asset>([['/', { type: 'text/html; charset=utf-8', content: HTML }], ...named]);
}

type Name = keyof typeof TYPES;
type Files = Readonly<Record<Name, string | Uint8Array>>;

const built = (): Files => ({
  'page.js': readFileSync(join(BUILT, 'page.js')),
  'page.css': readFileSync(join(BUILT, 'page.css')),
});

async function bundled(): Promise<Files> {
  // Only a clone has esbuild.
  const { bundlePage } = await import('./bundle');
  return bundlePage();
}
