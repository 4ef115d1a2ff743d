/** The operations of the EventBridge API on archives and replays. */

import { AwsError, type AwsService } from '../service';
import type { EventBridge } from './event-bridge';
import { listed, type Page, seconds } from './listing';
import type { Archive } from './registry';
import type { Replay, ReplayState } from './replays';

/** Archives come from the template; clients start replays. */
export function archiveOperations(eventBridge: EventBridge): AwsService['operations'] {
  const { archiveFiles } = eventBridge;
  const item = (archive: Archive) => {
    const { count, bytes } = archiveFiles.of(archive);
    return {
      ArchiveName: archive.name,
      EventSourceArn: archive.busArn,
      State: 'ENABLED',
      RetentionDays: archive.retentionDays,
      // AWS brings both up to date once a day.
      EventCount: count,
      SizeBytes: bytes,
      CreationTime: seconds(archive.createdAt),
    };
  };
  return {
    ListArchives: (input) => {
      const ofSource = ({ busArn }: Archive) => [undefined, busArn].includes(input.EventSourceArn);
      return listed('Archives', eventBridge.archives(input.NamePrefix).filter(ofSource), input, item);
    },
    DescribeArchive: ({ ArchiveName }) => {
      const archive = eventBridge.archive(ArchiveName);
      return {
        ...item(archive),
        ArchiveArn: archive.arn,
        Description: archive.description,
        EventPattern: archive.pattern,
      };
    },
  };
}

interface ListReplaysInput extends Page {
  readonly NamePrefix?: string;
  readonly State?: ReplayState;
  readonly EventSourceArn?: string;
}

export function replayOperations({ replays }: EventBridge): AwsService['operations'] {
  return {
    StartReplay: (input) => {
      const { ReplayArn, State, ReplayStartTime } = replays.start(input);
      return { ReplayArn, State, ReplayStartTime };
    },
    DescribeReplay: ({ ReplayName }) => replays.get(ReplayName),
    CancelReplay: ({ ReplayName }) => {
      const { ReplayArn, State } = replays.cancel(ReplayName);
      return { ReplayArn, State };
    },
    ListReplays: (input: ListReplaysInput) => {
      const { NamePrefix = '', State, EventSourceArn } = input;
      if ([input.NamePrefix, State, EventSourceArn].filter((filter) => filter !== undefined).length > 1) {
        throw new AwsError(
          'ValidationException',
          'At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or NamePrefix.',
        );
      }
      const isAskedFor = (replay: Replay) =>
        replay.ReplayName.startsWith(NamePrefix) &&
        [undefined, replay.State].includes(State) &&
        [undefined, replay.EventSourceArn].includes(EventSourceArn);
      const item = ({ ReplayArn, Description, Destination, ...shown }: Replay) => shown;
      return listed('Replays', replays.list().filter(isAskedFor), input, item);
    },
  };
}
