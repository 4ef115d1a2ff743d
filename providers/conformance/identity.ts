/** Checks of what makes two deliveries the same. */
import { readBody } from '../kit/body';
import type { Identity } from '../runtime';
import { expectThat, fail, inWords, isRefusedForGood, unlessItThrows } from './check';
import { damaged, probes, received, type Sent, send, withHeaders } from './sending';
import type { Stage, Verifier } from './stage';

/** The identity of a genuine delivery. */
async function identityOf(stage: Stage, verifier: Verifier, sent: Sent): Promise<Identity> {
  const delivery = received(stage, sent);
  const outcome = await verifier(sent.route, delivery);
  if (outcome.outcome !== 'verified') return fail(`A genuine ${sent.event} is ${inWords(outcome)}.`);
  const reading = readBody(sent.body, stage.runtime);
  return unlessItThrows('identify', () => stage.runtime.identify(delivery, reading, outcome));
}

export async function retries(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  for (const event of stage.sandbox.events) {
    const first = await identityOf(stage, verifier, send(stage, event));
    expectThat(first.key !== '', `identify gives ${event} an empty key.`);
    const body = send(stage, event).body;
    stage.wait(60_000);
    const retry = await identityOf(stage, verifier, send(stage, event, { body }));
    const advice = 'The key must not depend on the time or the signature.';
    expectThat(retry.key === first.key, `identify gives a retry of ${event} another key than the first try. ${advice}`);
    expectThat(
      retry.deliveryId === first.deliveryId,
      `identify gives a retry of ${event} another deliveryId than the first try.`,
    );
  }
}

export async function distinct(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  const seen = new Map<string, string>();
  for (const seed of ['first', 'second']) {
    for (const event of stage.sandbox.events) {
      const { key } = await identityOf(stage, verifier, send(stage, event, { seed, id: `${seed}-${event}` }));
      const other = seen.get(key);
      expectThat(
        other === undefined,
        `identify gives ${event} the key of another delivery, a sample of ${other}. One of them would be taken for a duplicate.`,
      );
      seen.set(key, event);
    }
  }
}

export async function forgedIds(stage: Stage): Promise<void> {
  const verifier = stage.startVerifier();
  for (const [route, event] of probes(stage)) {
    const sent = send(stage, event);
    const { key } = await identityOf(stage, verifier, sent);
    for (const [name, value] of Object.entries(sent.headers)) {
      const forged = withHeaders(sent, { [name]: damaged(String(value)) });
      stage.wait(1_000);
      if (isRefusedForGood(await verifier(route, received(stage, forged)))) continue;
      const other = await identityOf(stage, verifier, forged);
      const advice = 'Take ids from what is signed, else from the body.';
      expectThat(
        other.key === key,
        `A captured delivery with another ${name} counts as a new one on ${route}. ${advice}`,
      );
    }
  }
}
