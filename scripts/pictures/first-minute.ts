/** The first minute with Meetbus: what its commands print, in three terminals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Recording } from './terminal/recording';
import { drawSvg } from './terminal/svg';

/** So long one reads what is new, before one types the next command. Milliseconds. */
const READING_MS = 1_500;

const TITLE =
  'npm start runs Meetbus on this machine; a delivery that a second terminal sends becomes a meeting event within milliseconds.';

/** An event's id in a line of `tail`. */
const EVENT_ID = /\b[0-9a-f]{32}\b/;

/**
 * Runs `npm start` and what it proposes, and draws their output as `first-minute.svg`.
 *
 * @param folder where the picture goes
 */
export async function drawFirstMinute(folder: string): Promise<void> {
  const recording = new Recording();
  try {
    const [local, tail, shell] = [recording.open(19), recording.open(4), recording.open(15)];
    local.start('npm start');
    const [, watch = '', send = ''] = await local.see(/(npx meetbus tail .*)\n *(npx meetbus send .*)\n[\s\S]*follows/);
    await sleep(READING_MS);
    tail.start(watch);
    await tail.see(/Waiting/);
    await sleep(READING_MS);
    await shell.run(send);
    const [id] = await tail.see(EVENT_ID);
    await sleep(READING_MS);
    await shell.run(`npx meetbus trace ${id} --local`);
    await sleep(READING_MS);
  } finally {
    await recording.close();
  }
  writeFileSync(join(folder, 'first-minute.svg'), drawSvg(TITLE, recording));
}
