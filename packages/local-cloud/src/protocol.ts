/** How a call and its answer look on the wire: AWS's JSON protocols and S3's REST each have one. */
import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from './http-answer';
import type { AwsError, AwsService } from './service';

/** A call, whichever protocol it came by. */
export interface Invocation {
  readonly service: AwsService;
  /** Such as `SendMessage`. */
  readonly operation: string;
  readonly input: unknown;
}

export interface Protocol {
  /** @throws AwsError when the call is none that the local cloud knows */
  read(request: IncomingMessage, body: Buffer): Invocation | Promise<Invocation>;
  answer(output: object, request: IncomingMessage): HttpAnswer;
  fail(error: AwsError, request: IncomingMessage): HttpAnswer;
}
