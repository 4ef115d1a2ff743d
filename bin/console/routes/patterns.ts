/** The pattern tester: which events match a pattern, and why others do not. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import type { Deployment } from '../../deployment';
import { masked, maskedText } from '../../masked';
import { failedTests, matchesOf, readPattern, valuesAt } from '../../patterns';
import { UsageError } from '../../usage';
import type { PatternExplanation, PatternVerdicts, RecentEvents, TestedEvent } from '../api/patterns';
import { exampleEvents, type KeptEvent, recentEvents } from '../patterns/events';
import { ask, type ConsoleContext, change } from '../route';

const RECENT = z.object({ minutes: z.int().min(1).max(60) });
const TEST = z.object({
  pattern: z.string(),
  against: z.union([z.literal('examples'), z.literal('recent'), z.object({ event: z.string() })]),
});
const QUESTION = z.object({
  pattern: z.string(),
  event: z.union([z.object({ key: z.string() }), z.object({ event: z.string() })]),
});

/** The real events that the page has read last. They stay here: the page shows them masked, and EventBridge tests them whole. */
const recent = new WeakMap<ConsoleContext, readonly KeptEvent[]>();

export const patternRoutes = [
  change('/api/patterns/recent', async (context, { body, signal }): Promise<RecentEvents> => {
    const { events, leavesOut } = await recentEvents(context.deployment, { ...RECENT.parse(body), signal });
    recent.set(context, events);
    return { events: events.map(shown), leavesOut };
  }),

  ask('/api/patterns/test', async (context, { body }): Promise<PatternVerdicts> => {
    const { pattern: text, against } = TEST.parse(body);
    return withEventBridge(context.deployment, async (client) => {
      const pattern = await readPattern(client, text);
      const events = await eventsOf(context, against);
      const matches = matchesOf(client);
      const verdicts = events.map(async (event) => ({
        ...shown(event),
        matches: await matches(pattern, event.envelope),
      }));
      return { verdicts: await Promise.all(verdicts) };
    });
  }),

  ask('/api/patterns/explain', async (context, { body }): Promise<PatternExplanation> => {
    const { pattern: text, event: which } = QUESTION.parse(body);
    const envelope = 'key' in which ? await envelopeOf(context, which.key) : pasted(which.event).envelope;
    return withEventBridge(context.deployment, async (client) => {
      const failed = await failedTests(matchesOf(client), await readPattern(client, text), envelope);
      const event = masked(JSON.parse(envelope));
      return { failed: failed.map(({ field, wanted }) => ({ field, wanted, found: valuesAt(event, field) })) };
    });
  }),
];

/** An account can make some hundred such calls a second; the SDK repeats those that were too many. */
async function withEventBridge<T>(
  { clientConfig }: Deployment,
  use: (client: EventBridgeClient) => Promise<T>,
): Promise<T> {
  const client = new EventBridgeClient({ ...clientConfig, maxAttempts: 10 });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

const shown = ({ envelope: _envelope, ...event }: KeptEvent): TestedEvent => event;

async function eventsOf(
  context: ConsoleContext,
  against: z.infer<typeof TEST>['against'],
): Promise<readonly KeptEvent[]> {
  if (against === 'examples') return exampleEvents(context.deployment);
  return against === 'recent' ? (recent.get(context) ?? []) : [pasted(against.event)];
}

/** The envelope of an event that the page has a key of. */
async function envelopeOf(context: ConsoleContext, key: string): Promise<string> {
  const events = key.startsWith('recent:') ? recent.get(context) : await exampleEvents(context.deployment);
  const event = events?.find((one) => one.key === key);
  if (!event) throw new UsageError('This event is no longer there. Read the events again.');
  return event.envelope;
}

/** Members that EventBridge asks for, where a pasted event does not have them. */
const BLANK = {
  id: '0',
  'detail-type': '',
  source: '',
  account: '000000000000',
  time: '2000-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {},
};

/** A pasted event: an envelope of EventBridge, or a CloudEvent, which becomes the detail of one. */
function pasted(text: string): KeptEvent {
  const value = parsedEvent(text);
  const isCloudEvent = value.specversion !== undefined;
  const members = isCloudEvent ? { 'detail-type': value.type, source: value.source, detail: value } : value;
  const envelope: Readonly<Record<string, unknown>> = { ...BLANK, ...members };
  const { provider = envelope.source, subject = '' } = (envelope.detail ?? {}) as Readonly<Record<string, unknown>>;
  return {
    key: 'pasted',
    type: String(envelope['detail-type']),
    provider: String(provider),
    subject: maskedText(String(subject)),
    envelope: JSON.stringify(envelope),
  };
}

function parsedEvent(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`The event is not JSON: ${(error as Error).message}.`);
  }
  throw new UsageError('An event is a JSON object: an envelope of EventBridge, or the CloudEvent in its detail.');
}
