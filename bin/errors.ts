/** Error messages for people: errors of AWS and the network get a reason, and say what to do. */
import { withCause } from '../lambdas/platform/network-errors';
import type { DeploymentFlags } from './deployment';

export { withCause };

/** Other members of errors from the SDK. */
interface KnownError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * The message of an error, with its causes.
 *
 * @param flags that selected the Meetbus; without them, the message does not mention the local cloud
 */
export function messageOf(error: unknown, flags?: Partial<DeploymentFlags>): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message, $metadata } = error as KnownError;
  if (flags?.local && code === 'ECONNREFUSED') {
    return `The local cloud of ${flags.state} does not answer. Start it in another terminal: npx meetbus local`;
  }
  // The response is from a proxy or a gateway, not from AWS; the SDK adds lines about how to inspect it.
  if (message.includes('Deserialization error')) {
    return `AWS answered ${$metadata?.httpStatusCode ?? ''}, not in its own form: ${message.split('\n')[0]}`;
  }
  return withCause(error);
}
