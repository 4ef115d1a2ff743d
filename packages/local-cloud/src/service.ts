/**
 * What the local cloud's AWS services have in common: the shape that the front door routes to, and the error that
 * it turns into an AWS error answer.
 */

/** What the front door knows about a call, in addition to its input. */
export interface CallContext {
  /** Access key id of the caller's credentials; the local cloud gives every function one of its own. */
  readonly accessKeyId: string;
  /** Fires when the client has gone away, so that a long poll can end early. */
  readonly signal: AbortSignal;
}

/** One operation of a service: takes the parsed JSON input, answers the JSON output, throws {@link AwsError}. */
// biome-ignore lint/suspicious/noExplicitAny: an operation knows its own input; the front door does not.
export type Operation = (input: any, call: CallContext) => object | Promise<object>;

/** A service that speaks AWS's JSON protocols, found by the `X-Amz-Target` header. */
export interface AwsService {
  /** The part of `X-Amz-Target` before the dot, such as `AmazonSQS`. */
  readonly targetPrefix: string;
  /** Operations by name, such as `SendMessage`. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Loads the SDK's client of the service. Its schemas check the inputs; without it, inputs are not checked. */
  readonly client?: () => Promise<object>;
  /** Code of the error for a member that is missing; the default is `ValidationException`. */
  readonly missing?: string;
}

/** An error that an SDK sees as the AWS exception of that name. */
export class AwsError extends Error {
  /**
   * @param code name of the exception, such as `ResourceNotFoundException`
   * @param message says what is wrong and what to do
   * @param status HTTP status; the default is 400
   * @param details more members of the error body
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** Region and account that every local ARN carries. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';
