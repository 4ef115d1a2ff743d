/** Every queue of the local cloud. */

import { AwsError, LOCAL_ACCOUNT } from '../service';
import { Queue } from './queue';
import { allowsSource, checkAttributes, type QueueAttributes, redrivePolicyOf } from './queue-attributes';

/** The URL of a queue. Clients send its calls to the host in the URL. */
export function queueUrl(endpointUrl: string, name: string): string {
  return `${endpointUrl}/${LOCAL_ACCOUNT}/${name}`;
}

export class Queues {
  readonly #byName = new Map<string, Queue>();

  /** @param now the clock, in milliseconds since the epoch */
  constructor(readonly now: () => number = Date.now) {}

  /**
   * Creates a queue, or finds the one of that name when none of the given attributes differs from its own.
   *
   * @param attributes those that differ from AWS's defaults; policies as JSON text. A dead-letter queue has to be
   *   created before the queue that names it
   * @throws AwsError `QueueNameExists`, `InvalidParameterValueException`, `InvalidAttributeName`,
   *   `InvalidAttributeValue`
   */
  create(name: string, attributes: QueueAttributes = {}): Queue {
    const existing = this.#byName.get(name);
    if (existing) {
      const different = Object.keys(attributes).find((key) => existing.attributes[key] !== attributes[key]);
      if (different === undefined) return existing;
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${different}.`,
      );
    }
    checkName(name, attributes);
    const queue = new Queue(name, { now: this.now, byArn: (arn) => this.byArn(arn) });
    this.setAttributes(queue, attributes);
    this.#byName.set(name, queue);
    return queue;
  }

  /** @throws AwsError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException` */
  setAttributes(queue: Queue, attributes: QueueAttributes): void {
    checkAttributes(attributes);
    const redrive = redrivePolicyOf(attributes);
    if (redrive) this.#checkDeadLetterQueue(redrive.deadLetterTargetArn, queue.arn);
    queue.setAttributes(attributes);
  }

  byName(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  byArn(arn: string): Queue | undefined {
    const queue = this.#byName.get(lastPart(arn, ':'));
    return queue?.arn === arn ? queue : undefined;
  }

  /** Finds by the name at the end of a queue URL, whatever the host before it. */
  byUrl(url: string): Queue | undefined {
    return this.#byName.get(lastPart(url, '/'));
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }

  /** Ordered by name. */
  list(): Queue[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The queues that name this one as their dead-letter queue. */
  sourcesOf(deadLetterQueue: Queue): Queue[] {
    return this.list().filter(
      ({ attributes }) => redrivePolicyOf(attributes)?.deadLetterTargetArn === deadLetterQueue.arn,
    );
  }

  #checkDeadLetterQueue(arn: string, sourceArn: string): void {
    const deadLetterQueue = this.byArn(arn);
    if (!deadLetterQueue) {
      throw new AwsError(
        'InvalidParameterValueException',
        `RedrivePolicy is invalid: there is no queue ${arn}. Create the dead-letter queue first.`,
      );
    }
    if (!allowsSource(deadLetterQueue.attributes, sourceArn)) {
      throw new AwsError(
        'InvalidParameterValueException',
        `RedrivePolicy is invalid: the RedriveAllowPolicy of ${arn} does not allow ${sourceArn}.`,
      );
    }
  }
}

function checkName(name: string, attributes: QueueAttributes): void {
  if (name.endsWith('.fifo') || attributes.FifoQueue === 'true') {
    throw new AwsError(
      'UnsupportedOperation',
      'The local cloud has no FIFO queues. Use a standard queue; with MessageGroupId it is fair among groups.',
    );
  }
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValueException',
      'A queue name has 1 to 80 characters: letters, digits, hyphens and underscores.',
    );
  }
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
