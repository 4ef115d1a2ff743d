/** Checks of where keys come from: they rotate, and their source goes down. */
import { expectThat, inWords, isBelieved, isRetried, type Outcome } from './check';
import { probes, received, type Sent, send } from './sending';
import type { Stage, Verifier } from './stage';

const SECOND = 1_000;
const HOUR = 3_600_000;
const TWO_DAYS = 48 * HOUR;

const verify = (stage: Stage, verifier: Verifier, sent: Sent): Promise<Outcome> =>
  verifier(sent.route, received(stage, sent));

export async function rotation(stage: Stage): Promise<void> {
  for (const [route, event] of probes(stage)) {
    const old = stage.newKeys();
    const verifier = await warm(stage, event, old);
    const fresh = stage.newKeys();
    await stage.publish(fresh, old);
    stage.wait(SECOND);
    const outcome = await verify(stage, verifier, send(stage, event, { keys: fresh }));
    const advice = 'Check with verifyWithFreshKeys of the kit.';
    expectThat(
      isBelieved(outcome),
      `A delivery with a key that is a second old is ${inWords(outcome)} on ${route}. ${advice}`,
    );
    const late = await verify(stage, verifier, send(stage, event, { keys: old }));
    expectThat(
      isBelieved(late),
      `A delivery with the key before is ${inWords(late)} on ${route}, right after a rotation.`,
    );
  }
}

export async function retirement(stage: Stage): Promise<void> {
  for (const [route, event] of probes(stage)) {
    const old = stage.newKeys();
    const verifier = await warm(stage, event, old);
    const fresh = stage.newKeys();
    await stage.publish(fresh);
    stage.wait(TWO_DAYS);
    const current = await verify(stage, verifier, send(stage, event, { keys: fresh }));
    expectThat(
      isBelieved(current),
      `A delivery with the new key is ${inWords(current)} on ${route}, two days after a rotation.`,
    );
    const outcome = await verify(stage, verifier, send(stage, event, { keys: old }));
    expectThat(
      !isBelieved(outcome),
      `A delivery with the key before is still verified on ${route}, two days after it was retired.`,
    );
  }
}

export async function outage(stage: Stage): Promise<void> {
  for (const [route, event] of probes(stage)) {
    const verifier = await warm(stage, event, stage.keys);
    stage.setDown(true);
    stage.wait(2 * HOUR);
    const outcome = await verify(stage, verifier, send(stage, event));
    const advice = 'Load keys with secret or cached of the context.';
    expectThat(
      isBelieved(outcome),
      `A genuine delivery is ${inWords(outcome)} on ${route} while the source of keys is down. ${advice}`,
    );
    const fresh = await verify(stage, verifier, send(stage, event, { keys: stage.newKeys() }));
    expectRetried(fresh, `A delivery with a key that may be new is`, `on ${route} while the source of keys is down`);
    stage.setDown(false);
  }
}

export async function firstLoad(stage: Stage): Promise<void> {
  const verifyFirst = async (event: string) => verify(stage, stage.startVerifier(), send(stage, event));
  for (const [route, event] of probes(stage)) {
    stage.setDown(true);
    expectRetried(await verifyFirst(event), 'A genuine delivery is', `on ${route} where the first load of keys fails`);
    stage.setDown(false);
    stage.secret = undefined;
    expectRetried(await verifyFirst(event), 'A genuine delivery is', `on ${route} where there is no secret`);
    stage.secret = {};
    expectRetried(await verifyFirst(event), 'A genuine delivery is', `on ${route} where the secret is empty`);
    await stage.publish(stage.keys);
  }
}

/** A provider whose signature is verified by a public key may set a delivery aside while its secret is missing. */
function expectRetried(outcome: Outcome, what: string, where: string): void {
  const isSetAside = outcome.outcome === 'verified' && !isBelieved(outcome);
  expectThat(
    isRetried(outcome) || isSetAside,
    `${what} ${inWords(outcome)} ${where}. Refuse it with key_unavailable or not_configured, which is 503: nobody knows yet that it is wrong.`,
  );
}

/** A verifier that has verified a delivery with these keys, and holds them. */
async function warm(stage: Stage, event: string, keys: Stage['keys']): Promise<Verifier> {
  await stage.publish(keys);
  const verifier = stage.startVerifier();
  const outcome = await verify(stage, verifier, send(stage, event, { keys }));
  expectThat(isBelieved(outcome), `A genuine ${event} is ${inWords(outcome)}.`);
  return verifier;
}
