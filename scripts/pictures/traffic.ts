/** Traffic for the pictures: meetings of every deployed provider, and now and then a delivery that nobody signed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import type { Deployment } from '../../bin/deployment';
import { planOf } from '../../bin/local/meeting';
import { type Player, providersOf, readSandboxes } from '../../bin/providers';
import { senderTo } from '../../bin/sender';

/** Meetings of one provider at the same time. */
const LANES = 3;

/** Between two deliveries of a meeting, and between two forged ones, in milliseconds. */
const PAUSE_MS = 1_000;
const FORGED_EVERY_MS = 15_000;

/** Does some work while there is traffic. */
export async function withTraffic(deployment: Deployment, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  await Promise.all([work().finally(() => stop.abort()), playMeetings(deployment, stop.signal)]);
}

async function playMeetings(deployment: Deployment, signal: AbortSignal): Promise<void> {
  const deployed = providersOf(deployment).map(({ name }) => name);
  const players = (await readSandboxes()).filter(({ provider }) => deployed.includes(provider.name));
  await Promise.all(
    players.flatMap((player) => [
      ...Array.from({ length: LANES }, () => playOne(deployment, player, signal)),
      forge(deployment, player, signal),
    ]),
  );
}

/** One meeting after another. */
async function playOne(deployment: Deployment, { provider, sandbox }: Player, signal: AbortSignal): Promise<void> {
  const send = await senderTo(deployment, provider, sandbox);
  while (!signal.aborted) {
    // Dated so that it ends now: no event is later than its delivery.
    const plan = planOf([{ provider, sandbox }], {
      seed: randomUUID(),
      now: new Date(),
      speed: Number.POSITIVE_INFINITY,
    });
    for (const { delivery } of plan) {
      if (signal.aborted) return;
      await send(delivery);
      await pause(PAUSE_MS * (0.5 + Math.random()), signal);
    }
  }
}

/** Posts samples without a signature. */
async function forge({ local, outputs }: Deployment, { sandbox }: Player, signal: AbortSignal): Promise<void> {
  const apiUrl = (local?.apiUrl ?? outputs.ApiUrl ?? '').replace(/\/$/, '');
  const [event = ''] = sandbox.events;
  while (!signal.aborted) {
    await pause(FORGED_EVERY_MS * (0.5 + Math.random()), signal);
    const body = JSON.stringify(sandbox.body(event, { seed: randomUUID(), at: new Date() }));
    await fetch(`${apiUrl}${sandbox.routeOf(event)}`, { method: 'POST', body });
  }
}

/** Replaces the faults of a local cloud; without any, all is well again. */
export async function setFaults(awsUrl: string, faults: readonly FaultRule[]): Promise<void> {
  const answer = await fetch(`${awsUrl}/_local-cloud/faults`, {
    method: 'PUT',
    body: JSON.stringify({ seed: 1, faults }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Ends early, and quietly, at the signal. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);
