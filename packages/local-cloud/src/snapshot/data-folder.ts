/** The data folder: one local cloud at a time uses it, and the next one learns how the last one ended. */
import { join } from 'node:path';
import { FolderLock } from '../folder-lock';
import type { State } from './section';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot';

/** Exists while a local cloud runs, and after one that did not stop cleanly. */
export const LOCK_FILE = 'lock.json';

/** A folder that this process uses. */
export class DataFolder {
  /** What the last local cloud has lost because it did not stop in order; undefined after a clean stop, and in a new folder. */
  readonly warning: string | undefined;
  readonly #lock: FolderLock;
  #isSaved = true;

  /**
   * Takes the folder, and makes it if it is missing.
   *
   * @throws Error that names the process that uses the folder
   */
  constructor(readonly path: string) {
    this.#lock = new FolderLock(join(path, LOCK_FILE), '--data');
    const { leftBy } = this.#lock;
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
    if (this.#isSaved) this.#lock.release();
  }
}
