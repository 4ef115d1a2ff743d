/** The folder of `--data`: one local cloud at a time uses it, and the next one learns how the last one ended. */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from './section';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot';

/** Is there while a local cloud runs, and after one that did not stop in order: a {@link Holder} as JSON. */
export const LOCK_FILE = 'lock.json';

/** The process that uses a folder. */
interface Holder {
  readonly pid: number;
  /** When that process began, in the system's own measure: a process id comes again. Absent where the system tells none. */
  readonly born?: string | undefined;
  /** When it took the folder, in ISO 8601. */
  readonly since: string;
}

/** A folder that this process uses. */
export class DataFolder {
  /** What the last local cloud has lost because it did not stop in order; undefined after a clean stop, and in a new folder. */
  readonly warning: string | undefined;
  readonly #lock: string;
  #isSaved = true;

  /**
   * Takes the folder, and makes it if it is missing.
   *
   * @throws Error that names the process that uses the folder
   */
  constructor(readonly path: string) {
    this.#lock = join(path, LOCK_FILE);
    mkdirSync(path, { recursive: true });
    const leftBy = this.#take();
    this.warning =
      leftBy &&
      `The local cloud that began at ${leftBy.since} did not stop in order. Messages, items, objects, secrets and rules are as they ` +
        'were at the stop before it: what it took in is lost. Archives have what was archived.';
  }

  read(): Promise<Snapshot> {
    return readSnapshot(this.path);
  }

  /**
   * Writes the state of a local cloud at rest.
   *
   * @throws Error that says that the state of the stop before is still there
   */
  async save(state: State): Promise<void> {
    this.#isSaved = false;
    await writeSnapshot(this.path, state);
    this.#isSaved = true;
  }

  /** Gives the folder back. What could not be saved counts as a stop that was not clean. */
  close(): void {
    if (this.#isSaved) rmSync(this.#lock, { force: true });
  }

  /** @returns who held the folder and is gone */
  #take(): Holder | undefined {
    const own: Holder = { pid: process.pid, born: birthOf(process.pid), since: new Date().toISOString() };
    const held = this.#holder();
    if (held && isAlive(held)) {
      throw new Error(
        `The local cloud of process ${held.pid} uses ${this.path} since ${held.since}. Stop it, or give --data another folder.`,
      );
    }
    // Whoever moves a lock that is left over is the only one who takes it over.
    if (held) renameSync(this.#lock, `${this.#lock}.${process.pid}`);
    const file = openSync(this.#lock, 'wx', 0o600);
    writeFileSync(file, JSON.stringify(own));
    closeSync(file);
    rmSync(`${this.#lock}.${process.pid}`, { force: true });
    return held;
  }

  /** A lock that nobody can read was left by a process that died as it wrote it. */
  #holder(): Holder | undefined {
    let text: string;
    try {
      text = readFileSync(this.#lock, 'utf8');
    } catch {
      return undefined;
    }
    try {
      return JSON.parse(text) as Holder;
    } catch {
      return { pid: 0, since: 'an unknown time' };
    }
  }
}

function isAlive({ pid, born }: Holder): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user can be seen, but not signalled.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return born === birthOf(pid);
}

/** When a process began, in ticks since the system did; undefined where there is no /proc. */
function birthOf(pid: number): string | undefined {
  try {
    // After the name of the program, which may hold blanks and parentheses, it is the 20th field.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}
