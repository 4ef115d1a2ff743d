/** `npm run soak -- --minutes 5`: the long soak. Ends with 0 only if every check holds. */
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { bundleCommandLine } from '../support/command-line';
import { reportOf } from './report';
import { REALTIMEKIT, SVIX, ZOOM } from './senders/policies';
import { type Progress, type SoakOptions, soak } from './soak';

interface Flags {
  readonly minutes: number;
  readonly seed: number;
}

const positive = (text: string): number => {
  if (Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Give a number above 0.');
};

const whole = (text: string): number => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, as the report of another run has it.');
};

const program = new Command('npm run soak --')
  .description(
    'Sends what the providers send while everything around Meetbus fails in turn, then proves that nothing was lost.',
  )
  .option(
    '--minutes <minutes>',
    'how long traffic comes, at least until every trouble has come; a few for retries follow',
    positive,
    5,
  )
  .option('--seed <seed>', 'repeats the choices of another run', whole, randomInt(2 ** 32));

/** The full soak, for so many minutes. */
function optionsOf({ minutes, seed }: Flags): SoakOptions {
  return {
    seed,
    loadMs: minutes * 60_000,
    perSecond: 40,
    triesAtOnce: 8,
    troubles: 'all',
    atOnce: 2,
    phaseMs: 5_000,
    calmMs: 1_000,
    // The whole schedule of Svix is over in 132 s, RealtimeKit's in 46 s, Zoom's in 34 s. The others keep their own time, because a
    // minute is what they have, or less.
    timesFaster: { [SVIX.name]: 750, [REALTIMEKIT.name]: 60, [ZOOM.name]: 150 },
    // Longer than a consumer may run, which is how long it holds a key; and few tries, so that there is something to
    // redrive.
    retries: { visibilitySeconds: 35, maxReceives: 2 },
    drainMs: 10 * 60_000,
    onProgress: printProgress,
  };
}

/** Seconds between lines where the output is not a terminal. */
const LINE_EVERY_SECONDS = 15;

function printProgress({ stage, seconds, sent, accepted, published, trouble }: Progress): void {
  const text = `${stage} ${seconds} s: ${sent} sent, ${accepted} accepted, ${published} on the intake bus  ${trouble}`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  else if (seconds % LINE_EVERY_SECONDS === 0) process.stderr.write(`${text}\n`);
}

async function main(flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  await bundleCommandLine();
  console.log(`Soaking for ${flags.minutes} minutes, seed ${flags.seed} …`);
  const { text, ok } = reportOf(options, await soak(options));
  console.log(`\n${text}`);
  process.exitCode = ok ? 0 : 1;
}

main(program.parse().opts<Flags>()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
