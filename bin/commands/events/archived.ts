/** Reads one event from the archive of the intake bus: what came, what was made of it, and who gets it. */
import type { Deployment } from '../../deployment';
import { masked, textOf } from '../../masked';
import { readArchive } from './archive';
import { archivedAround, type LoggedEvent } from './logged';
import { type Receiver, receiversOf } from './receivers';

/** An event as EventBridge delivers it. */
export interface Envelope {
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> };
}

/** What the archive and the rules say about an event, beside its log line. */
export interface Archived {
  readonly envelope: Envelope;
  readonly bus: 'shared' | 'intake';
  readonly receivers: readonly Receiver[];
}

/**
 * The event from the archive; undefined where the archive does not have it. On AWS that takes two minutes at least.
 *
 * @param event its id, its type and when it was published
 * @param signal stops reading
 */
export async function readArchived(
  deployment: Deployment,
  event: Pick<LoggedEvent, 'eventId' | 'type' | 'time'>,
  signal: AbortSignal,
): Promise<Archived | undefined> {
  const pattern = { 'detail-type': [event.type], detail: { id: [event.eventId] } };
  const texts: string[] = [];
  const onEvents = async (more: readonly string[]) => {
    texts.push(...more);
  };
  await readArchive(deployment, { ...archivedAround(event), pattern }, { signal, onEvents });
  const [text] = texts;
  if (text === undefined) return undefined;
  const envelope = JSON.parse(text) as Envelope;
  // An unrecognized event stays on the intake bus.
  const bus = event.type === 'event.unrecognized' ? 'intake' : 'shared';
  return { envelope, bus, receivers: await receiversOf(deployment, bus, { ...envelope }) };
}

const RAW = ['raw', 'rawbase64', 'rawlocation'] as const;

/** What came, and what was made of it, each without credentials. */
export function partsOf({ detail }: Envelope): { readonly came: unknown; readonly became: unknown } {
  const { raw, rawbase64, rawlocation, ...data } = detail.data;
  const text = typeof rawbase64 === 'string' ? textOf(Buffer.from(rawbase64, 'base64')) : undefined;
  // The location of a large body is no link, and a person who may read it needs it whole.
  const came = raw ?? text;
  return { came: came === undefined ? rawlocation : masked(came), became: masked({ ...detail, data }) };
}

/** Whether what came was kept: a body that may hold a credential is not. */
export const hasBody = ({ detail }: Envelope): boolean => RAW.some((name) => name in detail.data);
