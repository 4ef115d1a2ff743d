/** Sends deliveries to the queues of their families again. */
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bodyKeyOf, type DeliveryMessage, MAX_MESSAGE_BYTES } from '../../../lambdas/ingest/delivery-message';
import { type ObjectLocation, seal } from '../../../lambdas/platform/object-store';
import { pascalCase } from '../../../lib/pascal-case';
import { toJson } from '../../../providers/kit/json';
import { type Deployment, outputOf } from '../../deployment';
import { getObjectIfThere } from '../../stored-object';
import { queueSink } from '../dlq/redrive';

/** The queues and the bucket of a deployment. It reads with the person's permissions, and writes in the operator's role. */
export class Outbox {
  readonly #sqs: SQSClient;
  readonly #s3: S3Client;

  /** @param operator the deployment as the operator's role reaches it; not needed where nothing is sent */
  constructor(
    private readonly deployment: Deployment,
    operator = deployment,
  ) {
    this.#sqs = new SQSClient(operator.clientConfig);
    this.#s3 = new S3Client(deployment.clientConfig);
  }

  /** Reads an object; undefined where it is gone, or may not be read. */
  read(location: ObjectLocation): Promise<Buffer | undefined> {
    return getObjectIfThere(this.#s3, location);
  }

  /**
   * Sends a delivery to the queue of its family.
   *
   * @returns false if neither the message nor the bucket holds its body
   * @throws Error if SQS does not take it
   */
  async send(message: Omit<DeliveryMessage, 'body'>, body: Buffer, groupId: string | undefined): Promise<boolean> {
    const Body = await this.#encode(message, body);
    if (Body === undefined) return false;
    const queueUrl = outputOf(this.deployment, `${pascalCase(message.family)}QueueUrl`);
    const sink = queueSink(this.#sqs, queueUrl);
    const taken = await sink([{ Body, ...(groupId !== undefined && { Attributes: { MessageGroupId: groupId } }) }]);
    if (taken.length === 0) throw new Error(`SQS did not take the event ${message.eventId}. Run the command again.`);
    return true;
  }

  close(): void {
    this.#sqs.destroy();
    this.#s3.destroy();
  }

  /** The message. A body too large for it is still in the bucket, where the verifier has stored it. */
  async #encode(message: Omit<DeliveryMessage, 'body'>, body: Buffer): Promise<string | undefined> {
    const text = toJson({ ...message, body: { base64: body.toString('base64') } } satisfies DeliveryMessage);
    if (Buffer.byteLength(text) <= MAX_MESSAGE_BYTES) return text;
    const bucket = outputOf(this.deployment, 'BucketName');
    const key = bodyKeyOf(message);
    const bytes = await this.read({ bucket, key });
    if (bytes === undefined) return undefined;
    return toJson({ ...message, body: seal({ bucket, key }, bytes) } satisfies DeliveryMessage);
  }
}
