/** Every event of both providers, documented or looser, on its way from the provider to a subscriber. */
import { createHash, randomUUID } from 'node:crypto';
import { CloudEvent } from 'cloudevents';
import type { ProviderBody } from '../../providers/kit/sandbox/delivery';
import { realtimekitSamples } from '../../providers/realtimekit/sandbox';
import { recallRoute, recallSamples } from '../../providers/recall/sandbox';
import { realtimekitVariants, recallVariants, type Variant } from '../../providers/variants';
import { OTHER_TYPES, REALTIMEKIT_TYPES, RECALL_TYPES } from '../support/event-types';
import type { HttpDelivery } from '../support/http';
import { inParallel } from '../support/parallel';
import { startWorld, type World, warmUp } from '../support/providers';
import type { BusEvent, Subscription } from '../support/subscription';

/** A delivery that is sent twice: once, and again as its provider would. */
interface Case {
  readonly name: string;
  readonly provider: 'recall' | 'realtimekit';
  readonly body: ProviderBody;
  readonly type: string;
  /** What the id of the event is made from. */
  readonly identity: string;
  readonly first: (world: World) => HttpDelivery;
  readonly again: (world: World) => HttpDelivery;
}

const named = (samples: Readonly<Record<string, ProviderBody>>) =>
  Object.entries(samples).map(([event, body]) => ({ name: event, event, body }));

/** Some variants are the documented body; sent without a message id, both are the same delivery. */
function distinct<Item extends { readonly body: ProviderBody }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item.body), item])).values()];
}

const describedBy = ({ name, event }: Pick<Variant, 'name' | 'event'>) =>
  name === event ? event : `${event}: ${name}`;
const bodyIdentity = (body: ProviderBody) => `body:${sha256(JSON.stringify(body))}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const recallDeliveries = [...named(recallSamples), ...recallVariants];

/** Signed, by turns on either route and with either family of headers. */
const recallSigned: Case[] = recallDeliveries.map(({ name, event, body }, index) => {
  const id = `msg_${randomUUID()}`;
  const options = {
    id,
    path: index % 2 === 0 ? '/recall/webhooks' : '/recall/realtime',
    family: index % 4 < 2 ? 'svix' : 'webhook',
  };
  return {
    name: `${describedBy({ name, event })} (signed, ${options.family}, ${options.path})`,
    provider: 'recall',
    body,
    type: OTHER_TYPES[name] ?? RECALL_TYPES[event]!,
    identity: `id:${id}`,
    first: ({ recall }) => recall.signed(body, { ...options, at: new Date(Date.now() - 60_000) }),
    again: ({ recall }) => recall.signed(body, options),
  };
});

const recallByToken: Case[] = distinct(
  recallDeliveries.filter(({ event }) => recallRoute(event) === '/recall/realtime'),
).map(({ name, event, body }) => ({
  name: `${describedBy({ name, event })} (token)`,
  provider: 'recall',
  body,
  type: OTHER_TYPES[name] ?? RECALL_TYPES[event]!,
  identity: bodyIdentity(body),
  first: ({ recall }) => recall.withToken(body),
  again: ({ recall }) => recall.withToken(body),
}));

const RECORDING_TYPES: Readonly<Record<string, string>> = {
  INVOKED: 'recording.status_changed',
  RECORDING: 'recording.started',
  PAUSED: 'recording.paused',
  UPLOADING: 'recording.uploading',
  UPLOADED: 'recording.ready',
  ERRORED: 'recording.failed',
};

const realtimekitSigned: Case[] = distinct([...named(realtimekitSamples), ...realtimekitVariants]).map(
  ({ name, event, body }) => {
    const uuid = randomUUID();
    const { recording } = body as { recording?: { status: string } };
    // The sender is proved by the token of the URL.
    const repeats = event === 'livestreaming.statusUpdate' || /^(RECORDING|PAUSED)$/.test(recording?.status ?? '');
    return {
      name: describedBy({ name, event }),
      provider: 'realtimekit',
      body,
      type: recording ? RECORDING_TYPES[recording.status]! : REALTIMEKIT_TYPES[event]!,
      identity: repeats ? `${bodyIdentity(body)}:${uuid}` : bodyIdentity(body),
      first: ({ realtimekit }) => realtimekit.signed(body, { uuid }),
      again: ({ realtimekit }) => realtimekit.signed(body, repeats ? { uuid } : {}),
    };
  },
);

const CASES = [...recallSigned, ...recallByToken, ...realtimekitSigned];

let world: World;
let shared: Subscription;
let statuses: string[];
let statusesAgain: string[];
let intakeTypes: string[];

/** Sends every case, and gives the answers. */
async function sendAll(turn: 'first' | 'again'): Promise<string[]> {
  const { meetbus } = world;
  return inParallel(4, CASES, async (one) => {
    const delivery = one[turn](world);
    const { status, body } = await (turn === 'first' ? meetbus.post(delivery) : meetbus.postAgain(delivery));
    return `${status} ${body}`;
  });
}

beforeAll(async () => {
  world = await startWorld();
  await warmUp(world);
  shared = await world.meetbus.subscribeToAll('shared');
  const intake = await world.meetbus.subscribeToAll('intake');
  statuses = await sendAll('first');
  statusesAgain = await sendAll('again');
  await world.meetbus.settled();
  await shared.drain();
  intakeTypes = (await intake.drain()).map(({ type }) => type);
});

afterAll(() => world.close());

/** The id that a case's event must have in every version of Meetbus: stored keys and subscribers live on it. */
const idOf = ({ provider, identity }: Case): string => sha256(`${provider}:${identity}`).slice(0, 32);

const arrivalsOf = (one: Case): BusEvent[] => shared.events.filter(({ detail }) => detail.id === idOf(one));

it('has a case for every event name', () => {
  const names = (provider: Case['provider']) =>
    new Set(CASES.filter((one) => one.provider === provider).map(({ body }) => body.event));
  expect(names('recall')).toEqual(new Set(Object.keys(RECALL_TYPES)));
  expect(names('realtimekit')).toEqual(new Set(Object.keys(REALTIMEKIT_TYPES)));
});

describe.each(['recall', 'realtimekit'] as const)('a delivery of %s', (provider) => {
  it.each(CASES.filter((one) => one.provider === provider))('$name arrives once, as $type', (one) => {
    const arrivals = arrivalsOf(one);
    expect(arrivals).toHaveLength(1);
    const { source, type, detail } = arrivals[0]!;
    expect({ source, type }).toEqual({ source: `meetbus.${provider}`, type: one.type });
    const strict = new CloudEvent(detail, true);
    expect(strict.toJSON()).toMatchObject({ type, source, provider, providerevent: one.body.event });
    expect(detail.data.raw).toEqual(withoutStreamKey(one.body));
  });
});

function withoutStreamKey({ streamKey: _, ...rest }: ProviderBody): object {
  return rest;
}

it('is accepted, every time', () => {
  expect(new Set(statuses)).toEqual(new Set(['200 {"status":"accepted"}']));
});

it('is a duplicate when it is sent again, and nothing new is published', () => {
  expect(new Set(statusesAgain)).toEqual(new Set(['200 {"status":"duplicate"}']));
  expect(shared.events).toHaveLength(CASES.length);
});

it('is recognized, every time', () => {
  expect(intakeTypes).toHaveLength(CASES.length);
  expect(intakeTypes).not.toContain('event.unrecognized');
});

it('carries its download links', () => {
  const links = realtimekitSigned.flatMap((one) => {
    const body = one.body as { recording?: Record<string, unknown>; [field: string]: unknown };
    const link =
      body.recording?.downloadUrl ?? body.chatDownloadUrl ?? body.transcriptDownloadUrl ?? body.summaryDownloadUrl;
    return typeof link === 'string' ? [{ one, link }] : [];
  });
  expect(links.length).toBeGreaterThan(10);
  for (const { one, link } of links) expect(arrivalsOf(one)[0]?.detail.data.download.url).toBe(link);
});

it('leaves no stream key, and no secret of ours, in any event or in the log', () => {
  const keys = realtimekitSigned.filter(({ body }) => typeof body.streamKey === 'string');
  expect(keys.length).toBeGreaterThan(0);
  const everything = `${shared.events.map(({ text }) => text).join('\n')}${world.meetbus.output()}`;
  for (const secret of ['streamKey', 'sample-stream-key', world.recall.secret, world.recall.token]) {
    expect(everything).not.toContain(secret);
  }
});

it('leaves no download link in the log', () => {
  expect(world.meetbus.output()).not.toContain('files.example.org');
});
