/** A lock file: only one local cloud at a time uses a folder. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The process that uses a folder. */
interface Holder {
  readonly pid: number;
  /** When that process began, in the system's own measure: a process id comes again. Absent where the system does not say. */
  readonly born?: string | undefined;
  /** When it took the folder, in ISO 8601. */
  readonly since: string;
}

/** Another process uses the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/** A folder that this process uses. Its lock is there while the process runs, and after one that did not stop in order. */
export class FolderLock {
  /** Who held the folder before, and did not give it back. */
  readonly leftBy: Holder | undefined;
  readonly #folder: string;

  /**
   * Takes the folder, and makes it if it is missing.
   *
   * @param file where the lock is, in the folder: a {@link Holder} as JSON
   * @param option the option that names the folder, such as `--data`
   * @throws FolderInUseError that names the process that uses the folder
   */
  constructor(
    private readonly file: string,
    private readonly option: string,
  ) {
    this.#folder = dirname(file);
    mkdirSync(this.#folder, { recursive: true });
    this.leftBy = this.#take();
  }

  /** Gives the folder back. */
  release(): void {
    rmSync(this.file, { force: true });
  }

  /** @returns who held the folder and is gone */
  #take(): Holder | undefined {
    const own: Holder = { pid: process.pid, born: birthOf(process.pid), since: new Date().toISOString() };
    const held = readHolder(this.file);
    if (held && isAlive(held)) throw this.#inUse(held);
    if (held) this.#moveAway();
    try {
      writeFileSync(this.file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      // Another process was first. It may not have written yet who it is.
      const other = readHolder(this.file);
      throw other ? this.#inUse(other) : error;
    }
    return held;
  }

  /** Removes the lock of a process that is gone, but not one that another process has put in its place meanwhile. */
  #moveAway(): void {
    const leftOver = `${this.file}.${process.pid}`;
    try {
      renameSync(this.file, leftOver);
    } catch {
      return;
    }
    const moved = readHolder(leftOver);
    if (moved && isAlive(moved)) {
      renameSync(leftOver, this.file);
      throw this.#inUse(moved);
    }
    rmSync(leftOver, { force: true });
  }

  #inUse({ pid, since }: Holder): Error {
    return new FolderInUseError(
      `The local cloud of process ${pid} uses ${this.#folder} since ${since}. Stop it, or give ${this.option} another folder.`,
    );
  }
}

/** A lock that cannot be read is left over from a process that died while it wrote the lock. */
function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, since: 'an unknown time' };
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
