/** Puts events on the shared bus that the rule `republish` could not forward. */
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import { keepDigits } from '../../../providers/kit/json';
import { type Deployment, outputOf } from '../../deployment';
import type { Sink } from './redrive';

/**
 * Sends to the shared bus, with the operator's role. It rejects messages that are not events. If a call fails, the
 * events of other calls still count as accepted: they must leave the queue, because a second copy on that bus would
 * look like a new event.
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

/** The event of a message, with every digit of its numbers; undefined if it is not an event. */
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
