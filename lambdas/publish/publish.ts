/** Publishes the events of several messages together on the intake bus. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Normalized } from '../../providers/kit/normalize';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { requiredVariable } from '../platform/environment';
import { count, METRIC } from '../platform/metrics';
import { OBJECT_PREFIX, putObject } from '../platform/object-store';
import { type Draft, draftOf, encodeEvent, meetingEventIn } from './meeting-event';
import { bodyOf } from './message';
import type { NoteOccurrence } from './occurrences';
import type { Entry, PutEvents } from './put-events';
import { readRaw } from './raw';
import { type Runtimes, runtimeOf } from './runtimes';
import { type Standing, statusTimeOf } from './stale';

/** An event that is on the intake bus. */
export interface Published {
  readonly name: 'published';
  readonly event: Normalized;
  readonly draft: Draft;
  readonly standing: Standing | undefined;
}

/** Another event reported the same: a backfill has brought one of the two back. */
export interface Twin {
  readonly name: 'duplicate';
  /** Id of the event that was noted first. */
  readonly sameAs: string;
}

/**
 * The outcome of a message. `still_unrecognized`: it was reprocessed, and this version does not understand it either.
 */
export type PublishOutcome =
  | Published
  | Twin
  | { readonly name: 'still_unrecognized' }
  | { readonly name: 'failed'; readonly error: unknown };

/** An event that is ready to be published. */
interface Prepared {
  readonly event: Normalized;
  readonly draft: Draft;
  readonly entry: Entry;
}

/** The outcome of each message, in order. Never throws. */
export type Publish = (messages: readonly DeliveryMessage[]) => Promise<PublishOutcome[]>;

/** Makes the function that publishes. */
export function createPublish(
  runtimes: Runtimes,
  s3: S3Client,
  noteOccurrence: NoteOccurrence,
  putEvents: PutEvents,
): Publish {
  const busName = requiredVariable('INTAKE_BUS_NAME');
  const bucket = requiredVariable('BUCKET_NAME');

  /** Puts the raw body of an event that is too large for EventBridge into the bucket. */
  const store = async ({ type, provider, id }: Draft, bytes: Buffer): Promise<string> => {
    const prefix = type === 'event.unrecognized' ? OBJECT_PREFIX.unrecognized : OBJECT_PREFIX.raw;
    const key = `${prefix}${provider}/${id}`;
    await putObject(s3, { bucket, key }, bytes);
    count(METRIC.claimCheck, { step: 'publish' });
    return `s3://${bucket}/${key}`;
  };

  const prepare = async (message: DeliveryMessage): Promise<Prepared | PublishOutcome> => {
    try {
      const runtime = runtimeOf(runtimes, message.provider);
      const body = await bodyOf(s3, message.body);
      const event = meetingEventIn(runtime, message, body);
      if (message.reprocess && event.type === 'event.unrecognized') return { name: 'still_unrecognized' };
      const sameAs = await noteOccurrence(runtime, message, event);
      if (sameAs !== undefined) return { name: 'duplicate', sameAs };
      const draft = draftOf(message, event);
      const raw = readRaw(body, runtime.credentialMembers);
      const entry = {
        EventBusName: busName,
        Source: draft.source,
        DetailType: draft.type,
        Detail: await encodeEvent(draft, raw, (bytes) => store(draft, bytes)),
        ...(message.traceHeader !== undefined && { TraceHeader: message.traceHeader }),
        statusTime: statusTimeOf(runtime, message, event),
      };
      return { event, draft, entry };
    } catch (error) {
      return { name: 'failed', error };
    }
  };

  return async (messages) => {
    const prepared = await Promise.all(messages.map(prepare));
    const answers = await putEvents(prepared.flatMap((one) => ('entry' in one ? one.entry : [])));
    return prepared.map((one) => {
      if ('name' in one) return one;
      const answer = answers.get(one.entry);
      if (answer instanceof Error) return { name: 'failed', error: answer };
      return { name: 'published', event: one.event, draft: one.draft, standing: answer };
    });
  };
}
