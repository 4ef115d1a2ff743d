/** The soak: traffic of all providers while everything around Meetbus fails in turn, then calm, then the proof. */
import { type Meetbus, startMeetbus } from '../support/meetbus';
import { operatorClients } from '../support/operator';
import { type RetrySettings, StackQueues } from '../support/queues';
import { ALL_PROVIDERS } from '../support/synth';
import { accountsOf } from './accounts';
import type { Account, TimesFaster } from './accounts/account';
import type { SoakRecord } from './checks';
import { Ledger } from './ledger';
import { Load } from './load';
import { MemoryWatch } from './memory';
import { Phases } from './phases';
import { Random } from './random';
import { Client } from './senders/http';
import { TROUBLES } from './troubles';
import { BusWatch } from './watch';

/** What a soak is. */
export interface SoakOptions {
  /** Decides bodies, times and troubles, as far as a machine with other work allows. */
  readonly seed: number;
  /** How long traffic comes; longer where not every trouble has come by then. */
  readonly loadMs: number;
  /** Deliveries a second on average. */
  readonly perSecond: number;
  /** Tries under way at one time on one route. */
  readonly triesAtOnce: number;
  /** Only troubles that are over within some ten seconds, or all. */
  readonly troubles: 'quick' | 'all';
  /** Troubles that come together. */
  readonly atOnce: number;
  /** How long they last, and the calm after them. */
  readonly phaseMs: number;
  readonly calmMs: number;
  readonly timesFaster: TimesFaster;
  /** In place of the template's settings. */
  readonly retries: RetrySettings;
  /** How long the queues may take to empty once every sender is done. */
  readonly drainMs: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** Where a soak stands. */
export interface Progress {
  readonly stage: 'load' | 'retries' | 'queues';
  readonly seconds: number;
  readonly sent: number;
  readonly accepted: number;
  readonly published: number;
  readonly trouble: string;
}

const PROGRESS_EVERY_MS = 1_000;

/** Everything that runs during a soak. */
interface Stage {
  readonly meetbus: Meetbus;
  readonly accounts: readonly Account[];
  readonly client: Client;
}

/** Starts Meetbus, soaks it, and tells what was seen. Ends everything that it started. */
export async function soak(options: SoakOptions): Promise<SoakRecord> {
  const accounts = await accountsOf(options.seed);
  try {
    const flags = [...ALL_PROVIDERS, ...accounts.flatMap((account) => account.flags ?? [])];
    const meetbus = await startMeetbus(flags, { inspected: true });
    const client = new Client(meetbus.outputs.ApiUrl, options.triesAtOnce);
    try {
      for (const account of accounts) await account.bringOver(meetbus);
      return await soakStage(options, { meetbus, accounts, client });
    } finally {
      client.close();
      await meetbus.stop();
    }
  } finally {
    await Promise.all(accounts.map((account) => account.close?.()));
  }
}

async function soakStage(options: SoakOptions, stage: Stage): Promise<SoakRecord> {
  const { seed, retries } = options;
  const { meetbus, accounts } = stage;
  const queues = new StackQueues(meetbus.clients.sqs, async () => (await operatorClients(meetbus)).sqs);
  await queues.shortenRetries(retries);
  const intake = await BusWatch.start(meetbus, 'intake');
  const shared = await BusWatch.start(meetbus, 'shared');
  const ledger = new Ledger();
  const load = new Load({ ...options, ...stage, ledger });
  const troubles = [...TROUBLES, ...accounts.flatMap((account) => account.troublesOn(meetbus))].filter(
    ({ isLasting }) => options.troubles === 'all' || !isLasting,
  );
  const phases = new Phases({ ...options, meetbus, troubles, random: new Random(seed, 'phases') });
  const memory = await MemoryWatch.start(meetbus.inspectorUrl);

  const left = await play(options, { meetbus, load, phases, queues, ledger, intake });
  await Promise.all([intake.stop(), shared.stop()]);
  return {
    ledger,
    intake: intake.events,
    shared: shared.events,
    setAside: intake.setAside,
    sharedSetAside: [...shared.setAside.keys()],
    senders: load.senders,
    forgeries: load.forger.tally,
    handshakes: load.handshakes,
    phases: phases.past,
    left,
    redriven: queues.redriven,
    memory: await memory.stop(),
  };
}

interface Players {
  readonly meetbus: Meetbus;
  readonly load: Load;
  readonly phases: Phases;
  readonly queues: StackQueues;
  readonly ledger: Ledger;
  readonly intake: BusWatch;
}

/** Traffic and trouble, then the senders' last retries, then the queues. Tells what the queues still hold. */
async function play(options: SoakOptions, { meetbus, load, phases, queues, ledger, intake }: Players) {
  const started = Date.now();
  let stage: Progress['stage'] = 'load';
  const timer = setInterval(() => {
    options.onProgress?.({
      stage,
      seconds: Math.round((Date.now() - started) / 1000),
      sent: ledger.size,
      accepted: ledger.accepted.size,
      published: intake.events.size,
      trouble: phases.now,
    });
  }, PROGRESS_EVERY_MS);
  try {
    await load.warmUp();
    const end = new AbortController();
    const traffic = load.run(end.signal);
    await phases.run(options.loadMs);
    end.abort();
    await traffic;
    stage = 'retries';
    await load.settled();
    stage = 'queues';
    await meetbus.bringBack();
    return await queues.drain(options.drainMs);
  } finally {
    clearInterval(timer);
  }
}
