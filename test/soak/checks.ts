/** What a soak proves. Each check is a pure function of what was written down, and names what it found wrong. */

import type { Counts } from '../support/queues';
import type { Sender } from './accounts/account';
import type { Handshakes } from './handshakes';
import type { Ledger } from './ledger';
import type { MemoryUse } from './memory';
import { type PhaseRecord, totals } from './phases';
import { isAccepted } from './senders/http';
import type { Loss, Tally } from './senders/retries';
import { mayDouble } from './troubles';
import type { Publications } from './watch';

/** Everything that a run has written down. */
export interface SoakRecord {
  readonly ledger: Pick<Ledger, 'size' | 'accepted' | 'knows' | 'isRecognized' | 'lostAnswers'>;
  readonly intake: ReadonlyMap<string, Publications>;
  readonly shared: ReadonlyMap<string, Publications>;
  /** What the intake bus has that was set aside: when, in milliseconds since 1970. */
  readonly setAside: ReadonlyMap<string, number>;
  /** The same of the shared bus, where none belongs. */
  readonly sharedSetAside: readonly string[];
  readonly senders: readonly Pick<Sender, 'policy' | 'tally' | 'deadEndpoints'>[];
  readonly forgeries: Tally;
  readonly handshakes: Pick<Handshakes, 'tally' | 'wrong'>;
  readonly phases: readonly PhaseRecord[];
  /** Messages in queues after everything. */
  readonly left: Counts;
  readonly redriven: number;
  readonly memory: MemoryUse;
}

/** What a check has found. */
export interface Finding {
  /** What is wrong; the check holds where nothing is. */
  readonly wrong: readonly string[];
  /** The numbers behind it. */
  readonly detail: string;
}

/** One proof. */
export interface Check {
  readonly name: string;
  readonly find: (record: SoakRecord) => Finding;
}

/** All of them. */
export const CHECKS: readonly Check[] = [
  { name: 'every delivery answered 2xx is on the intake bus', find: acceptedOnIntake },
  { name: 'every one of them that is recognized is on the shared bus', find: acceptedOnShared },
  { name: 'nothing is on a bus that does not belong there', find: onlyGenuine },
  { name: 'no forged request is accepted', find: forgeriesRefused },
  { name: 'every handshake is answered as its provider wants, or with 5xx', find: handshakesAnswered },
  {
    name: 'nothing is on the intake bus twice without a fault that explains it',
    find: ({ intake, phases }) => doubles(intake, phases),
  },
  {
    name: 'nothing is on the shared bus twice without a fault that explains it',
    find: ({ shared, phases }) => doubles(shared, phases),
  },
  { name: 'no provider has given up on a delivery', find: nothingGivenUp },
  { name: 'no real-time endpoint has failed', find: endpointsAlive },
  { name: 'every queue and dead-letter queue is empty', find: queuesEmpty },
  { name: 'faults have befallen calls', find: faultsInjected },
  { name: 'the memory of the local cloud stays flat', find: memoryFlat },
];

function acceptedOnIntake({ ledger, intake, setAside }: SoakRecord): Finding {
  const wrong = [...ledger.accepted].filter((id) => !intake.has(id) && !setAside.has(id));
  return { wrong, detail: `${ledger.accepted.size} deliveries` };
}

function acceptedOnShared({ ledger, shared, setAside, phases }: SoakRecord): Finding {
  const recognized = [...ledger.accepted].filter((id) => ledger.isRecognized(id));
  const explained = (id: string) => isWithoutSecret(setAside.get(id), phases);
  const missing = recognized.filter((id) => !shared.has(id));
  const wrong = missing.filter((id) => !explained(id));
  return { wrong, detail: `${recognized.length} deliveries, ${missing.length - wrong.length} of them set aside` };
}

/** What a verifier waits after a load that failed, and what an event takes from it to the bus in bad times. */
const AFTER_OUTAGE_MS = 15_000;

/**
 * Whether something was set aside while verifiers could not load the secret of RealtimeKit: one that starts then does not know
 * which webhook is ours, and keeps what is genuine.
 */
function isWithoutSecret(at: number | undefined, phases: readonly PhaseRecord[]): boolean {
  const outages = phases.filter(({ injected }) =>
    Object.keys(injected).some((name) => name.startsWith('secretsmanager')),
  );
  return outages.some(({ from, to }) => at !== undefined && at >= from - MARGIN_MS && at <= to + AFTER_OUTAGE_MS);
}

function onlyGenuine({ ledger, intake, shared, setAside, sharedSetAside }: SoakRecord): Finding {
  const all = [...intake.keys(), ...shared.keys(), ...setAside.keys()];
  const strangers = all.filter((id) => !ledger.knows(id));
  const unread = [...shared.keys()].filter((id) => ledger.knows(id) && !ledger.isRecognized(id));
  const detail = `${intake.size} events on the intake bus, ${shared.size} on the shared bus, ${setAside.size} set aside`;
  return { wrong: [...strangers, ...unread, ...sharedSetAside], detail };
}

function forgeriesRefused({ forgeries }: SoakRecord): Finding {
  const wrong = Object.keys(forgeries.answers).filter((answer) => isAccepted(Number(answer)));
  return { wrong, detail: `${forgeries.sent} requests` };
}

function handshakesAnswered({ handshakes: { tally, wrong } }: SoakRecord): Finding {
  const refused = Object.entries(tally.answers).filter(([answer]) => Number(answer) >= 300 && Number(answer) < 500);
  const faults = [
    ...refused.map(([answer, count]) => `${count} were answered ${answer}`),
    ...(wrong > 0 ? [`${wrong} were answered wrongly`] : []),
    ...(tally.accepted === 0 ? ['none was answered'] : []),
  ];
  return { wrong: faults, detail: `${tally.accepted} of ${tally.sent} answered` };
}

/** Entries of one PutEvents call, and messages of one batch: one fault may double so many events. */
const EVENTS_OF_A_FAULT = 10;

/** An envelope tells whole seconds, and what a fault befalls may have been published a little before it. */
const MARGIN_MS = 2_000;

/**
 * Whether every double is one that cannot be avoided: EventBridge took the event, and its answer was lost, or the
 * consumer died, or could not write its mark. So the first copy was published while such faults were at work, there are
 * no more doubles than these explain, and each copy is a publication of its own, not one that EventBridge delivered twice.
 */
function doubles(bus: SoakRecord['intake'], phases: readonly PhaseRecord[]): Finding {
  const twice = [...bus].filter(([, { envelopes }]) => envelopes.length > 1);
  const guilty = phases
    .map((phase) => ({ ...phase, faults: doublingFaults(phase) }))
    .filter(({ faults }) => faults > 0);
  const isExplained = ([, { envelopes, firstAt }]: (typeof twice)[number]) =>
    new Set(envelopes).size === envelopes.length &&
    guilty.some(({ from, to }) => firstAt >= from - MARGIN_MS && firstAt <= to + MARGIN_MS);
  const faults = guilty.reduce((sum, phase) => sum + phase.faults, 0);
  const wrong = twice.filter((one) => !isExplained(one)).map(([id]) => id);
  if (twice.length > faults * EVENTS_OF_A_FAULT) wrong.push('more doubles than the faults explain');
  return { wrong, detail: `${twice.length} doubles under the same id, ${faults} faults that may lead to some` };
}

/** Injections of a phase after which an event may be published once more. */
function doublingFaults({ troubles, injected }: PhaseRecord): number {
  const rules = troubles.flatMap(({ faults = [] }) => faults.filter(mayDouble));
  const isDoubling = (name: string) => {
    const [service, operation, fault] = name.split('.');
    return rules.some(
      (rule) =>
        rule.service === service && rule.fault === fault && mayDouble({ ...rule, ...(operation && { operation }) }),
    );
  };
  const counts = Object.entries(injected).map(([name, count]) => (isDoubling(name) ? count : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Deliveries that are lost. One whose 2xx did not reach its sender in time, who then gave it up, is not: Meetbus has it. */
export const lostOf = ({ ledger, intake }: Pick<SoakRecord, 'ledger' | 'intake'>, { losses }: Tally): Loss[] =>
  losses.filter(({ eventId }) => !ledger.accepted.has(eventId) && !intake.has(eventId));

function nothingGivenUp({ ledger, intake, senders }: SoakRecord): Finding {
  const describe = (sender: string, { eventId, answer, from, to }: Loss) =>
    `${sender}: ${eventId}, last answer ${answer}, ${((to - from) / 1000).toFixed(1)} s after the first try`;
  const wrong = senders.flatMap(({ policy, tally }) =>
    lostOf({ ledger, intake }, tally).map((loss) => describe(policy.name, loss)),
  );
  return { wrong, detail: `${senders.reduce((sum, { tally }) => sum + tally.sent, 0)} deliveries` };
}

function endpointsAlive({ senders }: SoakRecord): Finding {
  const dead = senders.filter(({ deadEndpoints = 0 }) => deadEndpoints > 0);
  const wrong = dead.map(({ policy, deadEndpoints }) => `${policy.name}: ${deadEndpoints} endpoints`);
  return { wrong, detail: 'after 60 tries one would have' };
}

function queuesEmpty({ left, redriven }: SoakRecord): Finding {
  const wrong = Object.entries(left).map(([queue, messages]) => `${queue}: ${messages}`);
  return { wrong, detail: `${redriven} messages were redriven` };
}

/** A soak without faults would prove nothing. */
function faultsInjected({ phases }: SoakRecord): Finding {
  const names = Object.keys(totals(phases));
  const wrong = ['dynamodb', 'sqs', 'events'].filter(
    (service) => !names.some((name) => name.startsWith(`${service}.`)),
  );
  const count = Object.values(totals(phases)).reduce((sum, one) => sum + one, 0);
  return { wrong, detail: `${count} faults in ${phases.length} phases` };
}

/** Megabytes by which the memory in use may differ: what happens to be loaded, or under way, at either end. */
const SLACK_MB = 30;

function memoryFlat({ memory: { start, end, peakResident }, ledger }: SoakRecord): Finding {
  const wrong = end === 0 ? ['it could not be told'] : end > start + SLACK_MB ? [`${end} MB`] : [];
  const detail = `${start} MB in use before ${ledger.size} deliveries, ${end} MB after; ${peakResident} MB resident at most`;
  return { wrong, detail };
}
