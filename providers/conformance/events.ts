/** Checks of what becomes of bodies. */
import { CATALOGUE, dataSchemaOf, type MeetingEventType, sourceOf } from '@meetbus/events';
import { readBody, readExactly } from '../kit/body';
import { singularOf } from '../kit/credentials';
import type { Mismatch, Normalized } from '../kit/normalize';
import { memberAt } from '../kit/values';
import { PROBE } from '../probe/event';
import { familyOfType, isProbeType } from '../probe/types';
import { expectThat, fail, inWords, isBelieved, unlessItThrows } from './check';
import { probes, received, send } from './sending';
import type { Stage } from './stage';

/** A name that no provider sends. */
const UNKNOWN = 'unknown_event_of_next_year';

/** Names that every object of JavaScript has. */
const INHERITED = ['constructor', '__proto__', 'toString', 'hasOwnProperty', ''];

export async function types(stage: Stage): Promise<void> {
  for (const { event, name, body } of allBodies(stage)) {
    const what = `${event} (${name})`;
    const read = readBody(body, stage.runtime);
    expectThat(read.event === event, `eventNameOf reads another name in the body of ${what}.`);
    const type = stage.runtime.typeOf(event, read.body);
    if (type === undefined) fail(`typeOf does not know ${event}, so it would be unrecognized.`);
    const normalized = normalize(stage, body, event, what);
    if (normalized === undefined) fail(`normalize does not know ${event}, so it would be unrecognized.`);
    if ('problems' in normalized) fail(`normalize finds a mismatch in ${what}: ${normalized.problems.join('; ')}.`);
    checkFamily(type, normalized, event, what);
    checkContract(stage, normalized, what);
  }
}

/** @throws ConformanceError where the queue of a delivery is not that of its event */
export function checkFamily(type: MeetingEventType, normalized: Normalized, event: string, what: string): void {
  const family = familyOfType(type);
  expectThat(
    family === familyOfType(normalized.type),
    `typeOf puts ${event} into the family ${family}, and normalize makes a ${normalized.type} of ${what}.`,
  );
}

export async function families(stage: Stage): Promise<void> {
  const { families: allowed, name } = stage.provider;
  const sampled = new Set<string>(['unrecognized']);
  expectThat(
    allowed.includes('unrecognized'),
    `families of ${name} lacks unrecognized, where what is not understood goes.`,
  );
  for (const { event, body } of allBodies(stage)) {
    const type = stage.runtime.typeOf(event, readBody(body, stage.runtime).body);
    if (type === undefined) continue;
    const family = familyOfType(type);
    sampled.add(family);
    expectThat(
      allowed.includes(family),
      `families of ${name} lacks ${family}, the family of ${event}: its queue would refuse it.`,
    );
  }
  const unused = allowed.filter((family) => !sampled.has(family));
  expectThat(unused.length === 0, `families of ${name} has ${unused.join(', ')}, and no sample is of that family.`);
}

export async function unknownNames(stage: Stage): Promise<void> {
  const { runtime } = stage;
  const verifier = stage.startVerifier();
  for (const name of [UNKNOWN, ...INHERITED]) {
    const type: unknown = unlessItThrows('typeOf', () => runtime.typeOf(name, {}));
    expectThat(
      type === undefined,
      `typeOf knows the event "${name}". It must be undefined for names that are not known.`,
    );
    const normalized = normalize(stage, Buffer.from('{}'), name, `"${name}"`);
    expectThat(
      normalized === undefined,
      `normalize knows the event "${name}". It must be undefined for names that are not known.`,
    );
    const byToken: unknown = unlessItThrows('isProvedByToken', () => runtime.isProvedByToken?.(name));
    expectThat(byToken !== true, `isProvedByToken is true for "${name}", which is not known.`);
  }
  for (const [route, event] of probes(stage)) {
    const body = Buffer.from(JSON.stringify(renamed(stage.sandbox.body(event, sampleOptions(stage)), event)));
    const outcome = await verifier(route, received(stage, send(stage, event, { body })));
    expectThat(
      isBelieved(outcome),
      `A genuine delivery with an unknown event name is ${inWords(outcome)} on ${route}. It must be verified: it becomes event.unrecognized.`,
    );
  }
}

export async function notJson(stage: Stage): Promise<void> {
  await expectVerified(stage, 'a body that is not JSON', [
    Buffer.from(''),
    Buffer.from('{"event"'),
    Buffer.from('event=1&other=2'),
    Buffer.from([0x22, 0xff, 0x22]),
  ]);
}

/** Bytes of a body that fits into no message and no event, so that it goes through the bucket. */
const OVERSIZED = 2_000_000;

export async function oversized(stage: Stage): Promise<void> {
  for (const [route, event] of probes(stage)) {
    const padded = { ...stage.sandbox.body(event, sampleOptions(stage)), padding: 'x'.repeat(OVERSIZED) };
    await expectVerified(stage, `a body of ${OVERSIZED} bytes`, [Buffer.from(JSON.stringify(padded))], route);
  }
}

/** Genuine deliveries of any body must be verified, and told apart. */
async function expectVerified(stage: Stage, what: string, bodies: readonly Buffer[], only?: string): Promise<void> {
  const verifier = stage.startVerifier();
  for (const [route, event] of probes(stage)) {
    if (only !== undefined && route !== only) continue;
    for (const body of bodies) {
      const delivery = received(stage, send(stage, event, { body }));
      const outcome = await verifier(route, delivery);
      if (outcome.outcome !== 'verified')
        fail(`A genuine delivery with ${what} is ${inWords(outcome)} on ${route}. It must be verified, and is kept.`);
      const reading = readBody(body, stage.runtime);
      const { key } = unlessItThrows('identify', () => stage.runtime.identify(delivery, reading, outcome));
      expectThat(key !== '', `identify gives ${what} an empty key.`);
      unlessItThrows('groupOf', () => stage.runtime.groupOf(reading.body));
    }
  }
}

/** Names of members that hold a credential at most providers. */
const CREDENTIAL = /(secret|password|passcode|privatekey|streamkey|apikey|accesstoken|refreshtoken|authtoken)$/;

export async function redaction(stage: Stage): Promise<void> {
  const { credentialMembers } = stage.runtime;
  const declared = new Set(credentialMembers.map(singularOf));
  const seen = new Set<string>();
  const bodies = [
    ...stage.sandbox.events.map((event) => ({ event, body: stage.sandbox.body(event, sampleOptions(stage)) })),
    ...stage.sandbox.variants,
  ];
  for (const { event, body } of bodies) {
    const marked = withMarkedCredentials(body, declared, seen, (name) =>
      fail(`${event} has the member ${name}, which looks like a credential. Name it in credentialMembers.`),
    );
    const normalized = normalize(stage, Buffer.from(JSON.stringify(marked)), event, event);
    expectThat(
      !JSON.stringify(normalized ?? {}, withoutServers).includes(MARK),
      `normalize takes the value of a credential into ${event}. Leave credentialMembers out of events.`,
    );
  }
  const missing = credentialMembers.filter((name) => !seen.has(singularOf(name)));
  expectThat(
    missing.length === 0,
    `No sample has the member ${missing.join(', ')} of credentialMembers. Add it to one.`,
  );
}

const MARK = 'credential-that-must-not-be-seen';

/** Servers of live media: the field of the contract whose purpose is to carry them to their one consumer. */
const withoutServers = (name: string, value: unknown): unknown => (name === 'serverurls' ? undefined : value);

/** A copy in which every credential has a value that is easy to find. */
function withMarkedCredentials(
  body: unknown,
  declared: ReadonlySet<string>,
  seen: Set<string>,
  onUndeclared: (name: string) => void,
): unknown {
  return JSON.parse(JSON.stringify(body), (name, value) => {
    const alike = singularOf(name);
    if (declared.has(alike)) {
      seen.add(alike);
      return MARK;
    }
    if (typeof value === 'string' && CREDENTIAL.test(alike)) onUndeclared(name);
    return value;
  });
}

/** Samples and variants. */
export const allBodies = (stage: Stage) => [
  ...stage.sandbox.events.map((event) => ({ event, name: 'sample', body: sampleOf(stage, event) })),
  ...stage.sandbox.variants.map(({ event, name, body }) => ({ event, name, body: Buffer.from(JSON.stringify(body)) })),
];

const sampleOptions = (stage: Stage) => ({ seed: 'conformance', at: new Date(stage.now) });

const sampleOf = (stage: Stage, event: string): Buffer =>
  Buffer.from(JSON.stringify(stage.sandbox.body(event, sampleOptions(stage))));

/** The meeting event in a body, as a consumer reads it. */
export const normalize = (stage: Stage, body: Buffer, event: string, what: string): Normalized | Mismatch | undefined =>
  unlessItThrows(`normalize of ${what}`, () => stage.runtime.normalize(readExactly(body), event));

/** A copy in which the name of the event is an unknown one, wherever it stands. */
const renamed = (body: unknown, event: string): unknown =>
  JSON.parse(JSON.stringify(body), (_name, value) => (value === event ? UNKNOWN : value));

/** @throws ConformanceError where an event breaks its schema */
export function checkContract({ provider: { name } }: Stage, normalized: Normalized, what: string): void {
  const { type, subject, time, data } = normalized;
  // Only Meetbus's own probe has types outside the catalogue.
  if (isProbeType(type)) {
    expectThat(PROBE.safeParse(memberAt(data, 'probe')).success, `normalize makes no probe of ${what}.`);
    return;
  }
  expectThat(Object.hasOwn(CATALOGUE, type), `normalize makes a ${type} of ${what}, which the contract does not have.`);
  expectThat(subject !== '', `normalize gives ${what} an empty subject.`);
  const receivedtime = '2026-03-02T09:30:00.000Z';
  const event = {
    ...{ specversion: '1.0', id: '0'.repeat(32), source: sourceOf(name), type, subject: 'any/subject' },
    ...{ time: time ?? receivedtime, datacontenttype: 'application/json', dataschema: dataSchemaOf(type) },
    ...{ provider: name, providerevent: 'any', receivedtime, deliveryid: 'any', correlationid: 'any' },
    ...{ proof: 'signature', data: JSON.parse(JSON.stringify(data)) },
  };
  const parsed = CATALOGUE[type as MeetingEventType].schema.safeParse(event);
  if (parsed.success) return;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
  fail(`The ${type} in ${what} breaks the contract at ${problems.slice(0, 10).join('; ')}.`);
}
