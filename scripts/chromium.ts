/** Starts the Chromium that tests and pictures use. It comes from npm, with its libraries: a bare Linux needs nothing else. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { devDependencies } from '../package.json';

const PROJECT_ROOT = join(__dirname, '..');

/** 200 MB, which `npm ci` removes. */
const CACHE = join(PROJECT_ROOT, 'node_modules', '.cache', 'meetbus');
const UNPACKED = join(CACHE, `chromium-${devDependencies['@sparticuz/chromium']}`);

/** For a busy machine; alone it takes a fraction of a second. */
const START_TIMEOUT_MS = 60_000;

/** Pages reach this machine alone. */
const LOOPBACK_ONLY = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';

/** With the locale C.UTF-8, pages would get a language that no browser has otherwise: `en-US@posix`. */
const ENGLISH = { LC_ALL: 'en_US.UTF-8' };

/**
 * Starts a headless Chromium. The caller closes it.
 *
 * It is the one that the environment variable `CHROME_PATH` names, or else that of `@sparticuz/chromium`.
 *
 * @throws Error where neither exists
 */
export async function startChromium(): Promise<Browser> {
  const { env = process.env, ...options } = await installed();
  return chromium.launch({ ...options, args: [LOOPBACK_ONLY], env: { ...env, ...ENGLISH }, timeout: START_TIMEOUT_MS });
}

async function installed(): Promise<LaunchOptions> {
  const executablePath = process.env.CHROME_PATH;
  if (executablePath) return { executablePath };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `There is no browser for ${process.platform} ${process.arch} on npm: set CHROME_PATH to the path of a Chrome or Chromium.`,
    );
  }
  if (!existsSync(UNPACKED)) await unpack();
  return {
    executablePath: join(UNPACKED, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(UNPACKED, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(UNPACKED, 'fonts.conf'),
    },
  };
}

/**
 * Unpacks the browser in a process of its own: the package is an ES module, which Jest does not import, and it unpacks to the
 * folder for temporary files, which would mix versions. A process that is done first wins: others may be unpacking, too.
 */
async function unpack(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(`${UNPACKED}-`);
  const script = "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: PROJECT_ROOT,
    // With the name of a Lambda runtime it unpacks the libraries that a bare machine lacks.
    env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
  });
  await writeFile(join(folder, 'fonts.conf'), FONTS);
  await rename(folder, UNPACKED).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true });
  });
}

/** The machine's fonts; where there is none, that of the package. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">fonts-cache</cachedir>
</fontconfig>
`;
