/** Looks at messages of a dead-letter queue, as `meetbus dlq peek` and the console do: what they are, and why they are there. */
import type { Deployment } from '../../deployment';
import { type MessageSummary, readBody, summaryOf } from './messages';
import { peek } from './peek';
import { type DeadLetterQueue, withSqs } from './queues';
import { failuresOf } from './why';

/** A message with the reason why it is there, and its content if requested. */
export type Shown = MessageSummary & {
  /** What its consumer last failed with; only for a delivery. */
  readonly failure?: string;
  /** The content, with masked credentials and links. */
  readonly body?: unknown;
};

/** Messages that stay in their queue. */
export interface Look {
  readonly shown: readonly Shown[];
  /** Approximate number of messages that cannot be looked at, because they are in flight elsewhere. */
  readonly held: number;
  /** Why the logs could not be read; absent if they were. */
  readonly whyNot?: string;
}

/** Up to `limit` messages of a queue. */
export async function lookAt(
  deployment: Deployment,
  queue: DeadLetterQueue,
  { limit, withBodies }: { readonly limit: number; readonly withBodies: boolean },
): Promise<Look> {
  const { messages, held } = await withSqs(deployment, (sqs) => peek(sqs, queue.url, limit));
  const summaries = messages.map((message) => summaryOf(message, queue));
  const { byMessage, whyNot } =
    queue.sourceUrl === undefined ? { byMessage: new Map() } : await failuresOf(deployment, queue.name, summaries);
  const shown = await Promise.all(
    summaries.map(async (summary, index): Promise<Shown> => {
      const failure = byMessage.get(summary.messageId);
      const body = withBodies && (await readBody(messages[index] ?? {}, queue, deployment.clientConfig));
      return { ...summary, ...(failure !== undefined && { failure }), ...(withBodies && { body }) };
    }),
  );
  return { shown, held, ...(whyNot !== undefined && { whyNot }) };
}

/** Why a message was dead-lettered; a defect of the message itself comes first, because nothing else can fix it. */
export function whyOf({ wrong, failure, error }: Shown, isDelivery: boolean): string {
  const logged = failure && `Its consumer failed with ${failure}`;
  const known = [wrong, logged, error].filter((text) => text !== undefined);
  if (known.length > 0) return known.join(' ');
  return isDelivery
    ? 'No line of its consumer tells: it ran out of time, was killed, or its lines are gone (setting logDays).'
    : 'EventBridge does not say.';
}
