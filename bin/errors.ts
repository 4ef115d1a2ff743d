/** What people are told of an error: one that AWS or the network made says here what to do. */
import type { DeploymentFlags } from './deployment';

/** What errors of the SDK have besides. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * The message of an error.
 *
 * @param flags which Meetbus the command was for; without them, and for none, nothing is said of the local cloud
 */
export function messageOf(error: unknown, flags?: Partial<DeploymentFlags>): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message, $metadata } = error as SdkError;
  if (flags?.local && code === 'ECONNREFUSED') {
    return `The local cloud of ${flags.state} does not answer. Start it in another terminal: npm start`;
  }
  // What a proxy or a gateway answers is no answer of AWS; the SDK goes on for lines about how to look at it.
  if (message.includes('Deserialization error')) {
    return `AWS answered ${$metadata?.httpStatusCode ?? ''}, not in its own form: ${message.split('\n')[0]}`;
  }
  return message;
}
