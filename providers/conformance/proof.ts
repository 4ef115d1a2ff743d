/** Checks of what is verified, and what is refused. */
import { PROOFS } from '@meetbus/events';
import { expectThat, fail, inWords, isBelieved, isRefusedForGood, nameOf, type Outcome } from './check';
import { damaged, probes, proofHeaders, received, type Sent, send, withHeaders } from './sending';
import type { Stage, Verifier } from './stage';

const SECOND = 1_000;

/** A delivery that must be refused, and its name in the message. */
type Forgery = readonly [what: string, sent: Sent];

const verify = (stage: Stage, verifier: Verifier, sent: Sent): Promise<Outcome> =>
  verifier(sent.route, received(stage, sent));

export async function genuine(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  probes(stage);
  for (const event of stage.sandbox.events) {
    const sent = send(stage, event);
    const outcome = await verify(stage, verifier, sent);
    const { loadError } = stage;
    const why = loadError === undefined ? '' : ` Loading its keys threw ${nameOf(loadError)}, see the cause.`;
    expectThat(isBelieved(outcome), `A genuine ${event} on ${sent.route} is ${inWords(outcome)}.${why}`, loadError);
    const proof = outcome.outcome === 'verified' ? outcome.proof : '';
    expectThat((PROOFS as readonly string[]).includes(proof), `${proof} is no proof. Proofs are ${PROOFS.join(', ')}.`);
    expectThat(
      proof !== 'token' || stage.runtime.isProvedByToken?.(event) === true,
      `A token alone proves ${event}, but isProvedByToken of the runtime is not true for it, so it would be set aside.`,
    );
  }
}

export async function tampered(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  for (const [route, event] of probes(stage)) {
    const sent = send(stage, event);
    const outcome = await verify(stage, verifier, sent);
    const isSigned = outcome.outcome === 'verified' && outcome.proof !== 'token';
    for (const [what, forged] of [...unproved(stage, sent), ...(isSigned ? changed(stage, sent) : [])]) {
      stage.wait(SECOND);
      await expectRefused(stage, verifier, `${what} on ${route}`, forged);
    }
    for (const [what, forged] of wrongEnds(sent)) {
      stage.wait(SECOND);
      const ended = await verify(stage, verifier, forged);
      expectThat(
        !isBelieved(ended) && ended.outcome !== 'failed',
        `A delivery ${what} on ${route} is ${inWords(ended)}.`,
      );
    }
  }
}

/** Deliveries without a proof, or with one of somebody else. */
function unproved(stage: Stage, sent: Sent): Forgery[] {
  return [
    ['A delivery without headers and token', { ...sent, headers: {}, urlEnd: '' }],
    [
      'A delivery that is signed with keys of somebody else',
      send(stage, sent.event, { keys: stage.newKeys(), body: sent.body }),
    ],
  ];
}

/** Deliveries that were changed after they had been signed. */
function changed(stage: Stage, sent: Sent): Forgery[] {
  const { body, headers, event } = sent;
  const names = proofHeaders(stage, event);
  return [
    ['A delivery with one more byte in the body', { ...sent, body: Buffer.concat([body, Buffer.from(' ')]) }],
    ['A delivery without its body', { ...sent, body: Buffer.alloc(0) }],
    ...names.map(
      (name): Forgery => [
        `A delivery with one changed character in ${name}`,
        withHeaders(sent, { [name]: damaged(String(headers[name])) }),
      ],
    ),
    ...names.map((name): Forgery => [`A delivery with an empty ${name}`, withHeaders(sent, { [name]: '' })]),
  ];
}

/** Deliveries with another token in the URL. A signature may still prove them, but then they are set aside. */
function wrongEnds(sent: Sent): (readonly [string, Sent])[] {
  if (sent.urlEnd === '') return [];
  return [
    ['with one changed character in the token of its URL', { ...sent, urlEnd: damaged(sent.urlEnd) }],
    ['without the token of its URL', { ...sent, urlEnd: '' }],
  ];
}

async function expectRefused(stage: Stage, verifier: Verifier, what: string, sent: Sent): Promise<void> {
  const outcome = await verify(stage, verifier, sent);
  expectThat(isRefusedForGood(outcome), `${what} is ${inWords(outcome)}. It must be refused with 401.`);
}

export async function stale(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  const { toleranceSeconds } = stage.sandbox;
  const { past, future } =
    typeof toleranceSeconds === 'object' ? toleranceSeconds : { past: toleranceSeconds, future: toleranceSeconds };
  for (const [route, event] of probes(stage)) {
    const at = (seconds: number) => send(stage, event, { at: stage.now + seconds * SECOND });
    const dated = datedHeader(at);
    if (past === undefined || future === undefined) {
      if (dated) fail(`The header ${dated} on ${route} holds a timestamp. Give toleranceSeconds in the sandbox.`);
      continue;
    }
    if (dated === undefined) continue;
    for (const seconds of [5 - past, future - 5]) {
      const outcome = await verify(stage, verifier, at(seconds));
      expectThat(
        isBelieved(outcome),
        `A delivery that is dated ${seconds} s from now on ${route} is ${inWords(outcome)}.`,
      );
    }
    for (const seconds of [-past - 5, future + 5])
      await expectRefused(stage, verifier, `A delivery that is dated ${seconds} s from now on ${route}`, at(seconds));
    const old = at(-past - 60);
    const renewed = withTime(old, stage.now - (past + 60) * SECOND, stage.now);
    await expectRefused(stage, verifier, `An old delivery with a new timestamp on ${route}`, renewed);
  }
}

/** The first header that depends on when a delivery is sent: a timestamp, or a token or signature that covers one. */
function datedHeader(at: (seconds: number) => Sent): string | undefined {
  const [now, again, earlier] = [at(0), at(0), at(-1_000)].map(({ headers }) => headers);
  // One that differs at the same time too is random.
  return Object.keys(now ?? {}).find(
    (name) => String(now?.[name]) === String(again?.[name]) && String(now?.[name]) !== String(earlier?.[name]),
  );
}

/** The delivery with another time in all its headers. */
function withTime(sent: Sent, from: number, to: number): Sent {
  const [before, after] = [from, to].map((time) => String(Math.floor(time / SECOND)));
  const renewed = Object.entries(sent.headers).map(([name, value]) => [
    name,
    String(value).replaceAll(before ?? '', after ?? ''),
  ]);
  return { ...sent, headers: Object.fromEntries(renewed) };
}

/** What a proxy, or an attacker, makes of a header. */
const DOUBLINGS: readonly (readonly [how: string, of: (value: string) => string | readonly string[]])[] = [
  ['sent twice', (value) => [value, value]],
  ['folded with itself', (value) => `${value}, ${value}`],
  ['folded with itself without a blank', (value) => `${value},${value}`],
];

export async function doubledHeaders(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  for (const [route, event] of probes(stage)) {
    const sent = send(stage, event);
    for (const [name, value] of Object.entries(sent.headers)) {
      const text = String(value);
      for (const [how, double] of DOUBLINGS) {
        const outcome = await verify(stage, verifier, withHeaders(sent, { [name]: double(text) }));
        const advice = 'Read headers with valuesOf of the kit: the same value twice counts once.';
        expectThat(
          isBelieved(outcome),
          `A delivery whose header ${name} is ${how} on ${route} is ${inWords(outcome)}. ${advice}`,
        );
      }
    }
    for (const name of proofHeaders(stage, event)) {
      const wrong = damaged(String(sent.headers[name]));
      stage.wait(SECOND);
      await expectRefused(
        stage,
        verifier,
        `A delivery with two wrong values in ${name} on ${route}`,
        withHeaders(sent, { [name]: [wrong, damaged(`${wrong}0`)] }),
      );
    }
  }
}

export async function handshake(stage: Stage): Promise<void> {
  const { sandbox } = stage;
  if (!sandbox.handshake) return;
  const verifier = stage.startVerifier();
  const { route, body } = sandbox.handshake();
  const path = route.replace(/^\//, '');
  const event = probes(stage).get(path) ?? fail(`The handshake of the sandbox goes to ${path}, which is no route.`);
  const sent = { ...send(stage, event, { body: Buffer.from(body) }), route: path };
  const outcome = await verify(stage, verifier, sent);
  const isAnswered = outcome.outcome === 'answered' && outcome.statusCode >= 200 && outcome.statusCode < 300;
  expectThat(isAnswered, `The handshake on ${path} is ${inWords(outcome)}. It must be answered with 2xx.`);
  const leaked = stage.secretValuesOf(stage.keys).some((value) => outcome.body.includes(value));
  expectThat(!leaked, `The answer to the handshake on ${path} holds an entry of the secret.`);
  for (const [what, forged] of [...unproved(stage, sent), ...changed(stage, sent)]) {
    stage.wait(SECOND);
    await expectRefused(stage, verifier, `${what}, a handshake on ${path},`, forged);
  }
}
