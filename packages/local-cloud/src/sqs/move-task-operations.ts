/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask. */

import { AwsError, type AwsService } from '../service';
import { type MoveTask, MoveTasks } from './move-tasks';
import { required, within } from './parameters';
import type { Queue } from './queue';
import type { Queues } from './queues';

export function moveTaskOperations(queues: Queues): AwsService['operations'] {
  const tasks = new MoveTasks(queues);
  return {
    StartMessageMoveTask: (input) => {
      const source = find(queues, required(input, 'SourceArn'));
      const destination = input.DestinationArn ? find(queues, input.DestinationArn) : undefined;
      return { TaskHandle: tasks.start(source, destination, input.MaxNumberOfMessagesPerSecond).handle };
    },
    ListMessageMoveTasks: (input) => {
      const maxResults = within(input, 'MaxResults', 1, 10) ?? 1;
      return {
        Results: tasks
          .of(find(queues, required(input, 'SourceArn')))
          .slice(0, maxResults)
          .map(asResult),
      };
    },
    CancelMessageMoveTask: (input) => ({
      ApproximateNumberOfMessagesMoved: tasks.cancel(required(input, 'TaskHandle')).moved,
    }),
  };
}

function asResult(task: MoveTask): object {
  return {
    // As on AWS, only a task that can be cancelled shows its handle.
    TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
    Status: task.status,
    SourceArn: task.source.arn,
    DestinationArn: task.destination?.arn,
    MaxNumberOfMessagesPerSecond: task.maxMessagesPerSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}

function find(queues: Queues, arn: string): Queue {
  const queue = queues.byArn(arn);
  if (queue) return queue;
  throw new AwsError('ResourceNotFoundException', `There is no queue ${arn}.`, 404);
}
