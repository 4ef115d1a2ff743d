/**
 * The state of a local cloud in a file, so that it can stop and start again. What the template declares comes from the
 * template; data, and what was made from outside, comes from the snapshot.
 *
 * Not kept: tables that were made from outside, attributes of the template's queues that were changed from outside, and
 * events whose target does not take them at the moment of the stop.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { busSection, replaySection, ruleSection } from './bus-sections';
import { itemSection } from './item-section';
import { objectSection } from './object-section';
import { messageSection, queueSection } from './queue-sections';
import { secretSection } from './secret-section';
import type { Section, State } from './section';

/** One JSON value a line: `[section, record]`. A file of one value could be longer than a string can be. */
export const SNAPSHOT_FILE = 'snapshot.jsonl';

/** A change of what a section writes needs a new number. */
const VERSION = 1;

/** In the order in which they are restored: a rule needs its bus, a message its queue. */
const SECTIONS: Readonly<Record<string, Section<object>>> = {
  secrets: secretSection,
  queues: queueSection,
  messages: messageSection,
  items: itemSection,
  objects: objectSection,
  buses: busSection,
  rules: ruleSection,
  replays: replaySection,
};

/** The records of a snapshot by section. */
export type Snapshot = ReadonlyMap<string, readonly unknown[]>;

/**
 * Writes the state of a local cloud at rest to a folder. A snapshot that is there is replaced as a whole.
 *
 * @throws Error that says that the old one is still there
 */
export async function writeSnapshot(folder: string, state: State): Promise<void> {
  const file = join(folder, SNAPSHOT_FILE);
  try {
    await mkdir(folder, { recursive: true });
    // It holds secrets. Renamed when complete, so that a stop that is cut short leaves the old one whole.
    await writeFile(`${file}.new`, linesOf(state), { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    await rm(`${file}.new`, { force: true });
    throw new Error(
      `The state could not be written to ${file} (${(error as Error).message}). The next start has the state of the stop before this one; make room on the disk first.`,
      { cause: error },
    );
  }
}

async function* linesOf(state: State): AsyncGenerator<string> {
  yield `${JSON.stringify(['version', VERSION])}\n`;
  for (const [name, section] of Object.entries(SECTIONS)) {
    for await (const record of section.save(state)) yield `${JSON.stringify([name, record])}\n`;
  }
}

/**
 * Reads the snapshot of a folder; one without any is made and gives an empty one.
 *
 * @throws Error that names the file when it cannot be read
 */
export async function readSnapshot(folder: string): Promise<Snapshot> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, SNAPSHOT_FILE);
  if (!existsSync(file)) return new Map();
  const records = new Map<string, unknown[]>();
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      const [name, record] = JSON.parse(line) as [string, unknown];
      if (!records.get(name)?.push(record)) records.set(name, [record]);
    }
  } catch (error) {
    throw new Error(`${file} cannot be read. Remove it to start empty.`, { cause: error });
  }
  if (records.get('version')?.[0] !== VERSION) {
    throw new Error(`${file} was written by another version of the local cloud. Remove it to start empty.`);
  }
  return records;
}

/** Restores the secrets alone: what stands in for the providers is made from them, before there is anything else. */
export async function restoreSecrets({ secrets }: Pick<State, 'secrets'>, snapshot: Snapshot): Promise<void> {
  await secretSection.restore({ secrets } as State, recordsOf(snapshot, 'secrets'));
}

/**
 * Restores everything but the secrets.
 *
 * @returns what had to be left out because it belongs to something that the template no longer has, such as
 *   `messages of the queue calls`
 */
export async function restoreSnapshot(state: State, snapshot: Snapshot): Promise<string[]> {
  const leftOut: string[] = [];
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (section !== secretSection) leftOut.push(...(await section.restore(state, recordsOf(snapshot, name))));
  }
  return leftOut;
}

/** Each section reads what it has written itself: the version says so. */
const recordsOf = <Record>(snapshot: Snapshot, section: string): readonly Record[] =>
  (snapshot.get(section) ?? []) as readonly Record[];
