/** Every check of the soak finds what it is there to find. */
import { CHECKS, type SoakRecord } from './checks';
import { Ledger } from './ledger';
import { Random } from './random';
import type { Answer } from './senders/http';
import { REALTIMEKIT, RECALL_REALTIME, SVIX } from './senders/policies';
import { Tally } from './senders/retries';
import type { Publications } from './watch';

const ATTEMPT = { eventId: '', path: '/', headers: {}, body: '' };

/** When everything in these records happens. */
const NOON = Date.parse('2026-02-03T12:00:00Z');

const publications = (...envelopes: string[]): Publications => ({ envelopes, firstAt: NOON });

const bus = (ids: readonly string[]) => new Map(ids.map((id) => [id, publications(`envelope of ${id}`)]));

/** Deliveries `a` and `b` were accepted; `odd` was accepted and is not recognized. */
async function goodRecord(): Promise<SoakRecord & { readonly ledger: Ledger }> {
  const ledger = new Ledger();
  const post = ledger.overNetwork(async () => ({ answer: 200, body: '' }), new Random(1, 'network'));
  for (const eventId of ['a', 'b', 'odd']) {
    ledger.expect(eventId, eventId !== 'odd');
    await post({ ...ATTEMPT, eventId }, 1_000);
  }
  const doubling = {
    troubles: [{ name: 'lost', faults: [{ service: 'events', fault: 'lost_answer', rate: 0.1 }] as const }],
    from: NOON - 60_000,
    to: NOON - 50_000,
    injected: { 'events.PutEvents.lost_answer': 1, 'sqs.SendMessage.error': 1, 'dynamodb.PutItem.error': 1 },
  };
  return {
    ledger,
    intake: bus(['a', 'b', 'odd']),
    shared: bus(['a', 'b']),
    setAside: new Map(),
    sharedSetAside: [],
    senders: [{ policy: SVIX, tally: new Tally() }],
    forgeries: new Tally(),
    handshakes: { tally: handshakes(200, 503, 'none'), wrong: 0 },
    phases: [doubling],
    left: {},
    redriven: 0,
    memory: { start: 20, end: 30, peakResident: 300 },
  };
}

/** Names of the checks that do not hold. */
const failing = (record: SoakRecord): string[] =>
  CHECKS.filter(({ find }) => find(record).wrong.length > 0).map(({ name }) => name);

function tallyWith(change: (tally: Tally) => void): Tally {
  const tally = new Tally();
  change(tally);
  return tally;
}

const HANDSHAKES = 'every handshake is answered as its provider wants, or with 5xx';

/** Handshakes that got these answers; a 200 is right. */
const handshakes = (...answers: Answer[]) =>
  tallyWith((tally) => {
    tally.sent = answers.length;
    tally.accepted = answers.filter((answer) => answer === 200).length;
    for (const answer of answers) tally.count(answer);
  });

const lossOf = (eventId: string) => tallyWith(({ losses }) => losses.push({ eventId, answer: 401, from: 0, to: 0 }));

let good: Awaited<ReturnType<typeof goodRecord>>;

beforeEach(async () => {
  good = await goodRecord();
});

it('holds where all went well', () => {
  expect(failing(good)).toEqual([]);
});

it.each<[string, (record: SoakRecord) => Partial<SoakRecord>]>([
  ['every delivery answered 2xx is on the intake bus', () => ({ intake: bus(['a', 'b']) })],
  ['every one of them that is recognized is on the shared bus', () => ({ shared: bus(['a']) })],
  ['nothing is on a bus that does not belong there', () => ({ intake: bus(['a', 'b', 'odd', 'forged']) })],
  ['nothing is on a bus that does not belong there', () => ({ setAside: new Map([['forged', NOON]]) })],
  ['nothing is on a bus that does not belong there', () => ({ sharedSetAside: ['odd'] })],
  [
    'every one of them that is recognized is on the shared bus',
    () => ({ shared: bus(['a']), setAside: new Map([['b', NOON]]) }),
  ],
  ['nothing is on a bus that does not belong there', () => ({ shared: bus(['a', 'b', 'odd']) })],
  ['no forged request is accepted', () => ({ forgeries: tallyWith((tally) => tally.count(200)) })],
  [HANDSHAKES, () => ({ handshakes: { tally: handshakes(200, 401), wrong: 0 } })],
  [HANDSHAKES, () => ({ handshakes: { tally: handshakes(200, 302), wrong: 0 } })],
  [HANDSHAKES, () => ({ handshakes: { tally: handshakes(200), wrong: 1 } })],
  [HANDSHAKES, () => ({ handshakes: { tally: handshakes(503), wrong: 0 } })],
  ['no provider has given up on a delivery', () => ({ senders: [{ policy: REALTIMEKIT, tally: lossOf('c') }] })],
  [
    'no real-time endpoint has failed',
    () => ({ senders: [{ policy: RECALL_REALTIME, tally: new Tally(), deadEndpoints: 1 }] }),
  ],
  ['every queue and dead-letter queue is empty', () => ({ left: { 'Meetbus-BotLane': 1 } })],
  ['faults have befallen calls', ({ phases }) => ({ phases: phases.map((phase) => ({ ...phase, injected: {} })) })],
  ['the memory of the local cloud stays flat', () => ({ memory: { start: 20, end: 60, peakResident: 100 } })],
  ['the memory of the local cloud stays flat', () => ({ memory: { start: 0, end: 0, peakResident: 0 } })],
])('finds where this does not hold: %s', (name, change) => {
  expect(failing({ ...good, ...change(good) })).toEqual([name]);
});

it('does not take a delivery for lost that was accepted, though its sender does not know', () => {
  expect(failing({ ...good, senders: [{ policy: REALTIMEKIT, tally: lossOf('a') }] })).toEqual([]);
});

it('does not miss what was set aside while no verifier could load the secret', () => {
  const [phase] = good.phases;
  const injected = { 'secretsmanager.GetSecretValue.down': 1 };
  const outage = { ...phase!, from: NOON - 5_000, to: NOON - 1_000, injected: { ...phase!.injected, ...injected } };
  const record = { ...good, shared: bus(['a']), setAside: new Map([['b', NOON]]) };
  expect(failing({ ...record, phases: [outage] })).toEqual([]);
});

describe('an event that is on a bus twice', () => {
  const NAME = 'nothing is on the intake bus twice without a fault that explains it';
  const twice = (...envelopes: string[]) => ({ intake: new Map([...good.intake, ['a', publications(...envelopes)]]) });
  const phaseAtNoon = (changes: object = {}) => ({
    phases: good.phases.map((phase) => ({ ...phase, from: NOON - 5_000, to: NOON + 5_000, ...changes })),
  });

  it('is explained by an answer of EventBridge that was lost at that time', () => {
    expect(failing({ ...good, ...twice('1', '2'), ...phaseAtNoon() })).toEqual([]);
  });

  it('is not explained by one that was lost at another time', () => {
    expect(failing({ ...good, ...twice('1', '2') })).toEqual([NAME]);
  });

  it('is not explained by faults of verifiers, of locks or of queues', () => {
    const injected = { 'sqs.SendMessage.error': 9, 'dynamodb.PutItem.error': 9, 'events.PutEvents.throttle': 9 };
    expect(failing({ ...good, ...twice('1', '2'), ...phaseAtNoon({ injected }) })).toEqual([NAME]);
  });

  it('is not explained by anything when EventBridge took it once and delivered it twice', () => {
    expect(failing({ ...good, ...twice('1', '1'), ...phaseAtNoon() })).toEqual([NAME]);
  });

  it('is not explained when there are more than the faults can lead to', () => {
    const many = Array.from({ length: 11 }, (_, n): [string, Publications] => [`x${n}`, publications(`${n}`, `${n}b`)]);
    for (const [id] of many) good.ledger.expect(id, true);
    const record = { ...good, intake: new Map([...good.intake, ...many]), ...phaseAtNoon() };
    expect(failing(record)).toEqual([NAME]);
  });
});
