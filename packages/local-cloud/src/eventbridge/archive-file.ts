/** The events of one archive, in a file of JSON lines: those of a long run would not fit into memory. */

import { closeSync, existsSync, ftruncateSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { BusEvent } from './types';

/** An event as an archive keeps it: what its envelope is made from, and when and how it came. */
export type ArchivedEvent = Omit<BusEvent, 'text' | 'traceHeader' | 'replayName'>;

/** An event, and where in the file its line begins and how long it is, in bytes. */
export interface Entry {
  /** Undefined where the line is no event. */
  readonly event: ArchivedEvent | undefined;
  readonly place: Place;
}

/** Where a line lies in the file, in bytes. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

const LINE_FEED = 0x0a;
const CHUNK_BYTES = 256 * 1024;

/** An archive's file, open for reading and writing. */
export class ArchiveFile {
  readonly #file: number;
  #count = 0;
  #bytes = 0;
  #skipped = 0;

  /**
   * Opens the file, or begins one. Events that are not to be kept any longer are dropped, and so are lines that are no
   * events, and a last line that a crash has left half written.
   *
   * @throws Error that names the file when it cannot be read, or holds no event at all; it then stays as it is
   */
  constructor(path: string, isKept: (event: ArchivedEvent) => boolean) {
    // What is archived may be personal data.
    this.#file = openSync(`${path}.new`, 'w+', 0o600);
    try {
      if (existsSync(path)) this.#copyFrom(path, isKept);
      renameSync(`${path}.new`, path);
    } catch (error) {
      closeSync(this.#file);
      rmSync(`${path}.new`, { force: true });
      throw error;
    }
  }

  /** How many events the file holds. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many lines of the file were no events when it was opened. */
  get skipped(): number {
    return this.#skipped;
  }

  /** @throws Error when the disk does not take the event; the file is then as it was before */
  append(event: ArchivedEvent): void {
    this.#write(Buffer.from(JSON.stringify(event)));
  }

  /** Every event, in the order in which they were archived. */
  *entries(): Generator<Entry & { event: ArchivedEvent }> {
    for (const { event, place } of entriesOf(this.#file)) if (event) yield { event, place };
  }

  read({ offset, length }: Place): ArchivedEvent {
    const line = Buffer.alloc(length);
    readSync(this.#file, line, 0, length, offset);
    return JSON.parse(line.toString());
  }

  close(): void {
    closeSync(this.#file);
  }

  #copyFrom(path: string, isKept: (event: ArchivedEvent) => boolean): void {
    const old = openSync(path, 'r');
    let read = 0;
    try {
      for (const { event } of entriesOf(old)) {
        if (!event) this.#skipped += 1;
        else {
          read += 1;
          if (isKept(event)) this.append(event);
        }
      }
    } catch (error) {
      throw new Error(`${path} cannot be opened: ${(error as Error).message}. See to its disk.`, { cause: error });
    } finally {
      closeSync(old);
    }
    if (this.#skipped > 0 && read === 0) {
      throw new Error(`${path} cannot be read. Remove it to start with an empty archive.`);
    }
  }

  /** Half a line would make one with the next: what a full disk takes of it is taken back. */
  #write(line: Buffer): void {
    const bytes = Buffer.concat([line, Buffer.of(LINE_FEED)]);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, this.#bytes + written);
      }
    } catch (error) {
      if (written > 0) ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#count += 1;
    this.#bytes += bytes.length;
  }
}

/** What every archived event has. */
const TEXTS = ['id', 'detailType', 'source', 'time', 'detail'] as const;

function eventIn(line: string): ArchivedEvent | undefined {
  try {
    const event = JSON.parse(line) as ArchivedEvent | null;
    return TEXTS.every((name) => typeof event?.[name] === 'string') ? event! : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of a file by and by, so that memory holds one chunk of it at a time. */
function* entriesOf(file: number): Generator<Entry> {
  let pending = Buffer.alloc(0);
  let offset = 0;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  while (true) {
    const size = readSync(file, chunk, 0, chunk.length, offset + pending.length);
    if (size === 0) return;
    pending = Buffer.concat([pending, chunk.subarray(0, size)]);
    let start = 0;
    for (let end = pending.indexOf(LINE_FEED); end >= 0; end = pending.indexOf(LINE_FEED, start)) {
      const place = { offset: offset + start, length: end - start };
      yield { event: eventIn(pending.subarray(start, end).toString()), place };
      start = end + 1;
    }
    offset += start;
    pending = pending.subarray(start);
  }
}
