/** Message move tasks: the redrive of a dead-letter queue, in the background, at a rate. */

import { AwsError } from '../service';
import type { Queue } from './queue';
import type { Queues } from './queues';

export type MoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface MoveTask {
  readonly handle: string;
  readonly source: Queue;
  /** Unless given, each message goes back to the queue that gave up on it. */
  readonly destination: Queue | undefined;
  readonly maxMessagesPerSecond: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Messages that were visible at the start. */
  readonly toMove: number;
  moved: number;
  status: MoveTaskStatus;
  failureReason: string | undefined;
}

/** How many messages move at once when no rate is given; between two such moves other work goes on. */
const UNLIMITED_BATCH = 100;
const MAX_RATE = 500;

export class MoveTasks {
  /** Newest first. */
  readonly #tasks: MoveTask[] = [];

  constructor(private readonly queues: Queues) {}

  /**
   * Starts to move what is visible in a dead-letter queue.
   *
   * @throws AwsError `UnsupportedOperation` while another task moves from that queue; `InvalidParameterValueException`
   */
  start(source: Queue, destination: Queue | undefined, maxMessagesPerSecond: number | undefined): MoveTask {
    if (this.queues.sourcesOf(source).length === 0) {
      throw new AwsError('InvalidParameterValueException', 'Source queue must be configured as a Dead Letter Queue.');
    }
    const rate = maxMessagesPerSecond ?? MAX_RATE;
    if (!(rate >= 1 && rate <= MAX_RATE)) {
      throw new AwsError('InvalidParameterValueException', `MaxNumberOfMessagesPerSecond must be 1 to ${MAX_RATE}.`);
    }
    if (this.of(source).some(({ status }) => status === 'RUNNING')) {
      throw new AwsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: crypto.randomUUID(), sourceArn: source.arn })).toString('base64'),
      source,
      destination,
      maxMessagesPerSecond,
      startedAt: this.queues.now(),
      toMove: source.counts().visible,
      moved: 0,
      status: 'RUNNING',
      failureReason: undefined,
    };
    this.#tasks.unshift(task);
    this.#step(task);
    return task;
  }

  /** The tasks that move from a queue, newest first. */
  of(source: Queue): MoveTask[] {
    return this.#tasks.filter((task) => task.source === source);
  }

  /** @throws AwsError `ResourceNotFoundException` when no task of that handle runs */
  cancel(handle: string): MoveTask {
    const task = this.#tasks.find((candidate) => candidate.handle === handle && candidate.status === 'RUNNING');
    if (!task) throw new AwsError('ResourceNotFoundException', 'No running task has this TaskHandle.', 404);
    task.status = 'CANCELLED';
    return task;
  }

  #step(task: MoveTask): void {
    if (task.status !== 'RUNNING') return;
    const { maxMessagesPerSecond: rate } = task;
    try {
      for (let left = rate === undefined ? UNLIMITED_BATCH : 1; left > 0; left -= 1) {
        // Bounded by the count at the start: messages that fail again during the task must not be moved forever.
        const isDone = task.moved >= task.toMove || !task.source.moveNext((arn) => this.#destination(task, arn));
        if (isDone) {
          task.status = 'COMPLETED';
          return;
        }
        task.moved += 1;
      }
    } catch (error) {
      task.status = 'FAILED';
      task.failureReason = error instanceof AwsError ? error.code : String(error);
      return;
    }
    setTimeout(() => this.#step(task), rate === undefined ? 0 : 1_000 / rate).unref();
  }

  #destination({ destination }: MoveTask, deadLetterSourceArn: string | undefined): Queue {
    const queue = destination ?? (deadLetterSourceArn ? this.queues.byArn(deadLetterSourceArn) : undefined);
    if (!queue) {
      throw new AwsError('CouldNotDetermineMessageSource', 'Give DestinationArn: the source queue is not known.');
    }
    return queue;
  }
}
