/** The events that the pattern tester has: examples of the catalogue, and real ones from the archive. */
import { CATALOGUE, MEETING_EVENT_TYPES, type MeetingEventType, sourceOf } from '@meetbus/events';
import { PROBE_SOURCE } from '../../../providers/probe/types';
import { readArchive } from '../../commands/events/archive';
import type { Deployment } from '../../deployment';
import { documented } from '../../event-reference';
import { maskedText } from '../../masked';
import { providersOf } from '../../providers';
import type { TestedEvent } from '../api/patterns';

/** An event, and the text of its envelope. */
export interface KeptEvent extends TestedEvent {
  readonly envelope: string;
}

/** The parts of a CloudEvent that the page shows. */
interface Detail {
  readonly id?: string;
  readonly type?: string;
  readonly provider?: string;
  readonly subject?: string;
  readonly time?: string;
  readonly correlationid?: string;
}

/** The example of each type, as each provider of the deployment that sends the type would send it. */
export async function exampleEvents(deployment: Deployment): Promise<KeptEvent[]> {
  const providers = await documented(providersOf(deployment));
  return MEETING_EVENT_TYPES.filter((type) => type !== 'event.unrecognized').flatMap((type) =>
    providers
      .filter(({ docs }) => docs.events.some((event) => event.type === type))
      .map(({ name }) => exampleOf(type, name)),
  );
}

function exampleOf(type: MeetingEventType, provider: string): KeptEvent {
  const source = sourceOf(provider);
  const detail = { ...CATALOGUE[type].example, source, provider };
  const { subject = '', time } = detail as Detail;
  const envelope = {
    version: '0',
    id: '00000000-0000-4000-8000-000000000000',
    'detail-type': type,
    source,
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [],
    detail,
  };
  return { key: `example:${type}:${provider}`, type, provider, subject, envelope: JSON.stringify(envelope) };
}

/** More events would make the page slow, and a test of a pattern on AWS expensive. */
const MOST_EVENTS = 200;

/** Events of the shared bus: it gets what was recognized, and nothing of the probe. */
const RECOGNIZED = {
  source: [{ 'anything-but': PROBE_SOURCE }],
  'detail-type': [{ 'anything-but': 'event.unrecognized' }],
};

/** The newest events of the last minutes, from the archive. On AWS this takes some minutes. */
export async function recentEvents(
  deployment: Deployment,
  { minutes, signal }: { readonly minutes: number; readonly signal: AbortSignal },
): Promise<{ readonly events: readonly KeptEvent[]; readonly leavesOut: boolean }> {
  const found = new Map<string, KeptEvent>();
  const window = { from: Date.now() - minutes * 60_000, to: undefined, pattern: RECOGNIZED };
  await readArchive(deployment, window, {
    signal,
    onEvents: async (texts) => {
      for (const text of texts) {
        const event = keptOf(text);
        found.set(event.key, event);
      }
    },
  });
  const newest = [...found.values()].sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1));
  return { events: newest.slice(0, MOST_EVENTS), leavesOut: newest.length > MOST_EVENTS };
}

/** An archived event as it was on the bus: without the name of the replay that brought it. */
function keptOf(text: string): KeptEvent {
  const { 'replay-name': _name, ...envelope } = JSON.parse(text) as {
    readonly 'replay-name'?: string;
    readonly detail: Detail;
  };
  const { id = '', type = '', provider = '', subject = '', time = '', correlationid = '' } = envelope.detail;
  const shown = { type, provider, subject: maskedText(subject), time, correlationId: correlationid };
  return { key: `recent:${id}`, ...shown, envelope: JSON.stringify(envelope) };
}
