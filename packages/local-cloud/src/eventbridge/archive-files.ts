/** The files of all archives, in a folder that outlives the local cloud only where it was asked to. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchivedEvent, ArchiveFile } from './archive-file';
import type { Archive } from './registry';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Opens the file of an archive when it is first needed. */
export class ArchiveFiles {
  readonly #files = new Map<string, ArchiveFile>();
  readonly #kept: string | undefined;
  readonly #now: () => Date;
  #temporary: string | undefined;

  /**
   * @param folder where the files stay; without it, they are in a temporary folder that {@link ArchiveFiles.close} removes
   * @param onTrouble takes a sentence about events that a file has lost
   */
  constructor(
    folder: string | undefined,
    now: () => Date,
    private readonly onTrouble: (message: string) => void = () => {},
  ) {
    this.#kept = folder;
    this.#now = now;
  }

  of(archive: Archive): ArchiveFile {
    const open = this.#files.get(archive.name);
    if (open) return open;
    const path = join(this.#folder(), `${archive.name}.jsonl`);
    const file = new ArchiveFile(path, (event) => this.isKept(archive, event));
    if (file.skipped > 0) this.onTrouble(`${path}: lines that were no events, and were left out: ${file.skipped}.`);
    this.#files.set(archive.name, file);
    return file;
  }

  /** Keeps an event, or tells that its file did not take it: an archive that is full keeps no event from its targets. */
  keep(archive: Archive, event: ArchivedEvent): void {
    try {
      this.of(archive).append(event);
    } catch (error) {
      this.onTrouble(`The archive ${archive.name} did not keep the event ${event.id}: ${(error as Error).message}.`);
    }
  }

  /** Whether the archive's retention still covers an event; the file drops the others when it is next opened. */
  isKept({ retentionDays }: Archive, { ingestedAt }: ArchivedEvent): boolean {
    return retentionDays === 0 || this.#now().getTime() - ingestedAt < retentionDays * DAY_MS;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  #folder(): string {
    if (this.#kept !== undefined) {
      mkdirSync(this.#kept, { recursive: true });
      return this.#kept;
    }
    this.#temporary ??= mkdtempSync(join(tmpdir(), 'local-cloud-archives-'));
    return this.#temporary;
  }
}
