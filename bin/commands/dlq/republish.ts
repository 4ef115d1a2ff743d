/** Puts events that the republish rule could not deliver on the shared bus. */
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import { keepDigits } from '../../../providers/kit/json';
import { type Deployment, outputOf } from '../../deployment';
import type { Sink } from './redrive';

/**
 * Sends to the shared bus, in the operator's role. What is no event is not taken. Where a call fails, what others have
 * brought there still counts as taken: it must leave the queue, because nobody on that bus tells a second copy from the first.
 */
export function sharedBusSink(operator: Deployment): Sink {
  const client = new EventBridgeClient(operator.clientConfig);
  const EventBusName = outputOf(operator, 'SharedBusName');
  const isTaken = async ({ Body = '' }: Message): Promise<boolean> => {
    const event = readEvent(Body);
    if (event === undefined) return false;
    const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [{ ...event, EventBusName }] }));
    return !FailedEntryCount;
  };
  return async (messages) => {
    const outcomes = await Promise.allSettled(messages.map(isTaken));
    const taken = messages.filter((_, index) => (outcomes[index] as { readonly value?: boolean }).value);
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed && taken.length === 0) throw (failed as PromiseRejectedResult).reason;
    return taken;
  };
}

/** True for a message that {@link sharedBusSink} can put on the shared bus. */
export const isEvent = ({ Body = '' }: Message): boolean => readEvent(Body) !== undefined;

/** The event of a message, with every digit of its numbers; undefined where it is none. */
function readEvent(text: string): PutEventsRequestEntry | undefined {
  try {
    const event = JSON.parse(text, keepDigits) as Readonly<Record<string, string | undefined>>;
    const { source: Source, 'detail-type': DetailType, time = '', detail } = event;
    const Time = new Date(time);
    if (!Source || !DetailType || !detail || Number.isNaN(Time.getTime())) return undefined;
    return { Source, DetailType, Time, Detail: JSON.stringify(detail) };
  } catch {
    return undefined;
  }
}
