/** Sends samples and whole meetings to the local cloud. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { readExactly } from '../../../providers/kit/body';
import { deliveryOf, sampleOf } from '../../deliveries';
import { type Edit, withEdits } from '../../edits';
import { planOf, play } from '../../local/meeting';
import { type Player, providersOf, readSandboxes } from '../../providers';
import { type OutgoingDelivery, post, type SignedRequest, signerTo } from '../../sender';
import { UsageError } from '../../usage';
import type { Playable, Played, Sample, Sent } from '../api/try';
import { type ConsoleContext, local } from '../route';
import { whyRefused } from '../why-refused';

const SAMPLE = z.object({ provider: z.string(), event: z.string() });

/** More would take minutes: `npx meetbus send --repeat` is for that. */
const MOST_DELIVERIES = 1_000;

const SEND = z.object({
  provider: z.string(),
  body: z.string(),
  sample: z.object({ event: z.string(), body: z.string() }).optional(),
  signing: z.enum(['genuine', 'wrong', 'stale']),
  each: z.enum(['same', 'new']),
  count: z.int().min(1).max(MOST_DELIVERIES),
});
const MEETING = z.object({
  providers: z.array(z.string()).min(1),
  speed: z.number().min(1).max(10_000).nullable(),
});

export const tryRoutes = [
  local(
    '/api/try',
    async (context): Promise<Playable> => ({
      providers: (await playersOf(context)).map(({ provider: { name, title }, sandbox: { events } }) => ({
        name,
        title,
        events,
      })),
    }),
    'GET',
  ),

  local('/api/try/sample', async (context, { body }): Promise<Sample> => {
    const { provider, event } = SAMPLE.parse(body);
    const { route, body: sample } = sampleOf(await playerOf(context, provider), event);
    return { route, body: JSON.stringify(sample, null, 2) };
  }),

  local('/api/try/send', (context, { body, signal }) => send(context, SEND.parse(body), signal)),

  local('/api/try/meeting', (context, { body, signal }) => playMeetings(context, MEETING.parse(body), signal)),
];

/** The providers of the deployment that can be played. */
async function playersOf({ deployment }: ConsoleContext): Promise<readonly Player[]> {
  const deployed = providersOf(deployment).map(({ name }) => name);
  return (await readSandboxes()).filter(({ provider }) => deployed.includes(provider.name));
}

async function playerOf(context: ConsoleContext, name: string): Promise<Player> {
  const player = (await playersOf(context)).find(({ provider }) => provider.name === name);
  if (player) return player;
  throw new UsageError(`The local cloud has no provider ${name} with samples.`);
}

/** Sends one after the other, and yields each answer, until all are sent or the signal. */
async function* send(
  context: ConsoleContext,
  { provider: name, body, sample, signing, each, count }: z.infer<typeof SEND>,
  signal: AbortSignal,
): AsyncGenerator<Sent> {
  const player = await playerOf(context, name);
  const { provider, sandbox } = player;
  const sign = await signerTo(context.deployment, provider, sandbox, signing);
  const given = Buffer.from(body);
  let request: SignedRequest | undefined;
  let isExplained = false;
  for (let sent = 0; sent < count && !signal.aborted; sent++) {
    if (!request) request = sign(await deliveryOf(player, given));
    else if (each === 'new') request = sign(await another(player, given, sample));
    const started = performance.now();
    const answer = await post(request);
    const milliseconds = Math.round(performance.now() - started);
    const isAccepted = answer.status === 200;
    // One reason is enough: a search of the logs for each would take long.
    const reason: string | undefined =
      isAccepted || isExplained ? undefined : await whyRefused(context.deployment, answer.correlationId);
    isExplained ||= !isAccepted;
    yield { ...answer, ...(reason !== undefined && { reason }), milliseconds };
  }
}

/** A new sample, with the changes that were made to the first. */
async function another(
  player: Player,
  body: Buffer,
  sample: z.infer<typeof SEND>['sample'],
): Promise<OutgoingDelivery> {
  const edit: Edit = { before: sample && readExactly(Buffer.from(sample.body)), after: readExactly(body) };
  if (!sample || edit.after === undefined) throw new UsageError('Only a sample in JSON can have new ids each time.');
  const fresh = sampleOf(player, sample.event);
  return deliveryOf(player, Buffer.from(JSON.stringify(withEdits(edit, fresh.body))));
}

async function* playMeetings(
  context: ConsoleContext,
  { providers: names, speed }: z.infer<typeof MEETING>,
  signal: AbortSignal,
): AsyncGenerator<Played> {
  const players = await Promise.all(names.map((name) => playerOf(context, name)));
  const plan = planOf(players, { seed: randomUUID(), now: new Date(), speed: speed ?? Number.POSITIVE_INFINITY });
  let sent = 0;
  for await (const { provider, delivery, answer } of play(context.deployment, { players, plan, signal })) {
    sent++;
    yield { provider: provider.name, event: delivery.event, ...answer, sent, total: plan.length };
  }
}
