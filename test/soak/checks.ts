/** What a soak proves. Pure functions of what was written down: each names what it found wrong. */
import type { Ledger } from './ledger';
import type { MemoryUse } from './memory';
import { mayHaveDoubled, type PhaseRecord, totals } from './phases';
import type { Counts } from './queues';
import { isAccepted } from './senders/http';
import type { Loss, Tally } from './senders/retries';
import type { Publications } from './watch';

/** Everything that a run has written down. */
export interface SoakRecord {
  readonly ledger: Pick<Ledger, 'size' | 'accepted' | 'knows' | 'isRecognized' | 'lostAnswers'>;
  readonly intake: ReadonlyMap<string, Publications>;
  readonly shared: ReadonlyMap<string, Publications>;
  readonly senders: readonly { readonly name: string; readonly tally: Tally }[];
  /** Real-time endpoints that have failed. */
  readonly deadEndpoints: number;
  readonly forgeries: Tally;
  readonly phases: readonly PhaseRecord[];
  /** Messages in queues after everything. */
  readonly left: Counts;
  readonly redriven: number;
  readonly memory: MemoryUse;
}

/** One proof. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** The numbers behind it, and the first culprits. */
  readonly detail: string;
}

/** Entries of one PutEvents call, and messages of one batch: one fault may double so many events. */
const EVENTS_OF_A_FAULT = 10;

/** An envelope tells whole seconds, and what a fault befalls may have been published a little before it. */
const MARGIN_MS = 2_000;

/**
 * Kilobytes that the local cloud may grow by for each delivery: two items of its DynamoDB, which keeps them in memory,
 * and its other bookkeeping. What it receives it must not keep.
 */
const GROWTH_KB = 16;
/** Megabytes that Node.js may take before it collects garbage. */
const HEAP_SLACK_MB = 200;

const check = (name: string, culprits: readonly unknown[], detail: string): Check => ({
  name,
  ok: culprits.length === 0,
  detail:
    culprits.length === 0 ? detail : `${detail}; wrong: ${culprits.length}, first ${culprits.slice(0, 3).join(', ')}`,
});

/** All checks. */
export function checksOf(record: SoakRecord): Check[] {
  return [
    acceptedOnIntake(record),
    acceptedOnShared(record),
    onlyGenuine(record),
    forgeriesRefused(record),
    doublesExplained(record, 'intake'),
    doublesExplained(record, 'shared'),
    ...record.senders.map((sender) => nothingGivenUp(record, sender)),
    endpointsAlive(record),
    queuesEmpty(record),
    faultsInjected(record),
    memoryFlat(record),
  ];
}

function acceptedOnIntake({ ledger, intake }: SoakRecord): Check {
  const missing = [...ledger.accepted].filter((id) => !intake.has(id));
  return check('every delivery answered 2xx is on the intake bus', missing, `${ledger.accepted.size} deliveries`);
}

function acceptedOnShared({ ledger, shared }: SoakRecord): Check {
  const recognized = [...ledger.accepted].filter((id) => ledger.isRecognized(id));
  const missing = recognized.filter((id) => !shared.has(id));
  return check('every recognized one is on the shared bus', missing, `${recognized.length} deliveries`);
}

function onlyGenuine({ ledger, intake, shared }: SoakRecord): Check {
  const strangers = [...intake.keys(), ...shared.keys()].filter((id) => !ledger.knows(id));
  const unread = [...shared].filter(([id, { type }]) => !ledger.isRecognized(id) || type === 'event.unrecognized');
  const culprits = [...strangers, ...unread.map(([id]) => id)];
  return check('nothing is on a bus that does not belong there', culprits, `${intake.size} and ${shared.size} events`);
}

function forgeriesRefused({ forgeries }: SoakRecord): Check {
  const accepted = Object.keys(forgeries.answers).filter((status) => isAccepted(Number(status)));
  return check('no forged request is accepted', accepted, `${forgeries.sent} requests`);
}

/** Published twice by Meetbus, which only a fault at the right place may excuse; by EventBridge, which nothing may. */
function doublesExplained({ intake, shared, phases }: SoakRecord, bus: 'intake' | 'shared'): Check {
  const twice = [...(bus === 'intake' ? intake : shared)].filter(([, { envelopes }]) => envelopes.length > 1);
  const guilty = phases.filter(mayHaveDoubled);
  const isExcused = ([, { envelopes, firstAt }]: (typeof twice)[number]) =>
    new Set(envelopes).size === envelopes.length &&
    guilty.some(({ from, to }) => firstAt >= from - MARGIN_MS && firstAt <= to + MARGIN_MS);
  const unexcused = twice.filter((one) => !isExcused(one)).map(([id]) => id);
  const faults = Object.values(totals(guilty)).reduce((sum, count) => sum + count, 0);
  const tooMany = twice.length > faults * EVENTS_OF_A_FAULT ? ['more than the faults can explain'] : [];
  return check(
    `nothing is on the ${bus} bus twice, but for a fault between publishing and the mark`,
    [...unexcused, ...tooMany],
    `${twice.length} doubles under the same id, ${faults} faults in phases that allow them`,
  );
}

/** A delivery whose 2xx was lost on its way, and then was given up, is not lost: Meetbus has it. */
function nothingGivenUp({ ledger }: SoakRecord, { name, tally }: SoakRecord['senders'][number]): Check {
  const lost = tally.losses.filter(({ eventId }) => !ledger.accepted.has(eventId));
  const describe = ({ eventId, answer, from, to }: Loss) =>
    `${eventId} (${answer} after ${((to - from) / 1000).toFixed(1)} s)`;
  return check(`${name} has given up on nothing`, lost.map(describe), `${tally.sent} deliveries`);
}

function endpointsAlive({ deadEndpoints }: SoakRecord): Check {
  const detail = `${deadEndpoints} failed`;
  return { name: 'no real-time endpoint has failed', ok: deadEndpoints === 0, detail };
}

function queuesEmpty({ left, redriven }: SoakRecord): Check {
  const full = Object.entries(left).map(([queue, messages]) => `${queue}: ${messages}`);
  return check('every queue and dead-letter queue is empty at the end', full, `${redriven} messages redriven`);
}

function faultsInjected({ phases }: SoakRecord): Check {
  const idle = phases.filter(
    ({ troubles, injected }) =>
      troubles.some(({ faults = [] }) => faults.some(({ rate }) => rate === undefined)) &&
      Object.keys(injected).length === 0,
  );
  const names = idle.flatMap(({ troubles }) => troubles.map(({ name }) => name));
  const count = Object.values(totals(phases)).reduce((sum, one) => sum + one, 0);
  const none = count === 0 ? ['no fault at all'] : [];
  return check('the faults did befall calls', [...names, ...none], `${count} faults in ${phases.length} phases`);
}

function memoryFlat({ memory: { start, peak, end }, ledger }: SoakRecord): Check {
  const limit = Math.round(start + HEAP_SLACK_MB + (ledger.size * GROWTH_KB) / 1024);
  return {
    name: 'the memory of the local cloud stays flat',
    ok: peak <= limit,
    detail: `${start} MB at the start, ${peak} at most (limit ${limit}), ${end} at the end`,
  };
}
