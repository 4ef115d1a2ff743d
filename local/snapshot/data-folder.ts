/** The folder of `--data`: one local cloud at a time uses it, and the next one learns how the last one ended. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
    if (held && isAlive(held)) throw this.#inUse(held);
    if (held) this.#moveAway();
    try {
      writeFileSync(this.#lock, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      const other = this.#holder();
      throw other && isAlive(other) ? this.#inUse(other) : error;
    }
    return held;
  }

  /** Removes the lock of a process that is gone, but not one that another process has put in its place meanwhile. */
  #moveAway(): void {
    const leftOver = `${this.#lock}.${process.pid}`;
    try {
      renameSync(this.#lock, leftOver);
    } catch {
      return;
    }
    const moved = this.#holder(leftOver);
    if (moved && isAlive(moved)) {
      renameSync(leftOver, this.#lock);
      throw this.#inUse(moved);
    }
    rmSync(leftOver, { force: true });
  }

  #inUse({ pid, since }: Holder): Error {
    return new Error(
      `The local cloud of process ${pid} uses ${this.path} since ${since}. Stop it, or give --data another folder.`,
    );
  }

  /** A lock that nobody can read was left by a process that died as it wrote it. */
  #holder(lock = this.#lock): Holder | undefined {
    let text: string;
    try {
      text = readFileSync(lock, 'utf8');
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
