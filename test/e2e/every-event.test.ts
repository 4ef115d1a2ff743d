/** Every event of Recall.ai and RealtimeKit, documented or looser, on its way from the provider to a subscriber. */
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
import type { BusEvent } from '../support/subscription';

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
  /** Where the recording, or the like, is to be had: the event has it outside of the raw body too. */
  readonly link?: string;
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
    const { recording, ...top } = body as {
      recording?: { status: string; downloadUrl?: string };
      [field: string]: unknown;
    };
    const link = recording?.downloadUrl ?? top.chatDownloadUrl ?? top.transcriptDownloadUrl ?? top.summaryDownloadUrl;
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
      ...(typeof link === 'string' && { link }),
    };
  },
);

const CASES = [...recallSigned, ...recallByToken, ...realtimekitSigned];

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await warmUp(world);
});
afterAll(() => world.close());

/** Sends every case, and gives the answers that there were. */
async function sendAll(cases: readonly Case[], turn: 'first' | 'again'): Promise<string[]> {
  const { meetbus } = world;
  const answers = await inParallel(4, cases, async (one) => {
    const delivery = one[turn](world);
    const { status, body } = await (turn === 'first' ? meetbus.post(delivery) : meetbus.postAgain(delivery));
    return `${status} ${body}`;
  });
  return [...new Set(answers)];
}

/** The id that a case's event must have in every version of Meetbus: stored keys and subscribers live on it. */
const idOf = ({ provider, identity }: Case): string => sha256(`${provider}:${identity}`).slice(0, 32);

it('has a case for every event name, and some with download links and stream keys', () => {
  const names = (provider: Case['provider']) =>
    new Set(CASES.filter((one) => one.provider === provider).map(({ body }) => body.event));
  expect(names('recall')).toEqual(new Set(Object.keys(RECALL_TYPES)));
  expect(names('realtimekit')).toEqual(new Set(Object.keys(REALTIMEKIT_TYPES)));
  expect(CASES.filter(({ link }) => link !== undefined).length).toBeGreaterThan(10);
  expect(CASES.filter(({ body }) => typeof body.streamKey === 'string')).not.toEqual([]);
});

it.each(['recall', 'realtimekit'] as const)(
  'every delivery of %s arrives once, under its type, and is a duplicate when it is sent again',
  async (provider) => {
    const { meetbus } = world;
    const cases = CASES.filter((one) => one.provider === provider);
    const [intake, shared] = [await meetbus.subscribeToAll('intake'), await meetbus.subscribeToAll('shared')];
    expect(await sendAll(cases, 'first')).toEqual(['200 {"status":"accepted"}']);
    expect(await sendAll(cases, 'again')).toEqual(['200 {"status":"duplicate"}']);
    await meetbus.settled();
    const [unpublished, events] = [await intake.drain(), await shared.drain()];

    const arrived = cases.map((one) => ({
      name: one.name,
      arrivals: events.filter(({ detail }) => detail.id === idOf(one)).map(inShort),
    }));
    expect(arrived).toEqual(cases.map((one) => ({ name: one.name, arrivals: [expectedOf(one)] })));
    const links = cases.filter(({ link }) => link !== undefined);
    for (const one of links) {
      const event = events.find(({ detail }) => detail.id === idOf(one));
      expect([one.name, event?.detail.data.download?.url]).toEqual([one.name, one.link]);
    }
    expect(events).toHaveLength(cases.length);
    expect(unpublished).toHaveLength(cases.length);
    for (const { detail } of events) expect(() => new CloudEvent(detail, true)).not.toThrow();

    const everything = `${events.map(({ text }) => text).join('\n')}${meetbus.output()}`;
    for (const secret of ['streamKey', 'sample-stream-key', world.recall.secret, world.recall.token]) {
      expect(everything).not.toContain(secret);
    }
    expect(meetbus.output()).not.toContain('files.example.org');
  },
);

/** What a subscriber reads of an event, as far as each case says it. */
function inShort({ source, type, detail }: BusEvent) {
  const { provider, providerevent, data } = detail;
  return { source, type, provider, providerevent, raw: data.raw };
}

const expectedOf = ({ provider, type, body }: Case) => ({
  ...{ source: `meetbus.${provider}`, type, provider, providerevent: body.event },
  raw: withoutStreamKey(body),
});

function withoutStreamKey({ streamKey: _, ...rest }: ProviderBody): object {
  return rest;
}
