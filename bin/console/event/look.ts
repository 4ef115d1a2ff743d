/** Reads all about one event: from the logs, from its dead-letter queue, and from the archive. */
import { MAX_RECEIVE_COUNT } from '../../../lib/max-receive-count';
import { deadLetterQueueOf, messagesIn, REPUBLISH, withSqs } from '../../commands/dlq/queues';
import { type Archived, hasBody, partsOf, readArchived } from '../../commands/events/archived';
import { consoleUrl } from '../../commands/trace/console-url';
import { follow } from '../../commands/trace/follow';
import { withLogSearch } from '../../commands/trace/log-search';
import { type Deployment, outputOf } from '../../deployment';
import { masked } from '../../masked';
import { providersOf } from '../../providers';
import type { ArchivedEvent, EventPage } from '../api/event';
import { RequestError } from '../request';
import { newerThan, type Told, tell } from './page';

/**
 * What the logs tell.
 *
 * @param id event id, delivery id or correlation id
 * @throws RequestError if no line names it
 */
export async function lookUp(deployment: Deployment, id: string, since: number): Promise<Told> {
  return withLogSearch(deployment, 'everything', since, async (search) => {
    const found = await follow(id, search);
    const isTold = found.some(({ step }) => step.stage !== 'log' && step.correlationId !== undefined);
    if (!isTold) throw new RequestError(404, `No log line since ${new Date(since).toISOString()} tells of ${id}.`);
    return tell(
      found,
      providersOf(deployment).map(({ name }) => name),
    );
  });
}

/** The whole page of an event. */
export async function pageOf(deployment: Deployment, id: string, since: number): Promise<EventPage> {
  const told = await lookUp(deployment, id, since);
  const { page, main } = told;
  const [stale, deadLetters, region] = await Promise.all([
    staleOf(deployment, told, since),
    deadLettersOf(deployment, told),
    deployment.local ? undefined : withLogSearch(deployment, 'everything', since, (search) => search.region()),
  ]);
  const path = main.request?.fields.path;
  return {
    ...page,
    ...(stale && { stale }),
    ...(deadLetters && { deadLetters }),
    ...(region !== undefined && {
      traces: page.traces.map(({ traceId }) => ({ traceId, url: consoleUrl(region, traceId) })),
    }),
    ...(path !== undefined && path !== '-' && { url: outputOf(deployment, 'ApiUrl') + String(path).slice(1) }),
  };
}

async function staleOf(deployment: Deployment, { main }: Told, since: number): Promise<EventPage['stale']> {
  if (main.consumer?.fields.standing !== 'stale') return undefined;
  const subject = main.bus?.fields.subject;
  if (subject === undefined) return {};
  const lines = await withLogSearch(deployment, 'events', since, (search) => search.linesWith([String(subject)]));
  const by = newerThan(main, lines);
  return by ? { by } : {};
}

/** A message whose tries have all failed is in the queue of its family; an event that could not cross, in that of the rule. */
async function deadLettersOf(deployment: Deployment, { main, family }: Told): Promise<EventPage['deadLetters']> {
  const isPublished = main.consumer?.step.outcome === 'published';
  const isStuck = isPublished && !main.bus && main.consumer?.fields.type !== 'event.unrecognized';
  const isFailed = main.consumer?.step.outcome === 'failed' && main.failures >= MAX_RECEIVE_COUNT;
  const queue = isStuck ? REPUBLISH : isFailed ? family : undefined;
  if (queue === undefined) return undefined;
  const { url } = deadLetterQueueOf(deployment, queue);
  return { queue, messages: await withSqs(deployment, (sqs) => messagesIn(sqs, url)) };
}

/** What the archive tells; undefined where it does not have the event. */
export async function lookUpArchived(
  deployment: Deployment,
  { page: { eventId = '', type }, published }: Told,
  signal: AbortSignal,
): Promise<ArchivedEvent | undefined> {
  if (published === undefined) throw new RequestError(409, 'It was not published, so the archive does not have it.');
  const archived = await readArchived(deployment, { eventId, type, time: published }, signal);
  return archived && withoutCredentials(archived);
}

const withoutCredentials = ({ envelope, bus, receivers }: Archived): ArchivedEvent => {
  const { came, became } = partsOf(envelope);
  // Only the copy that was read from the archive has the name of the replay.
  const { 'replay-name': _, ...asDelivered } = masked(envelope) as Record<string, unknown>;
  return { ...(hasBody(envelope) && { came }), became, envelope: asDelivered, bus, receivers };
};
