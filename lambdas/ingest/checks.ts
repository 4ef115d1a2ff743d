/**
 * Checks what a runtime returns. The compiler checks it too, but a runtime may be in JavaScript. A value of another form
 * must neither pass for a verified delivery nor leave the provider without a response, so the delivery is answered 503.
 */
import type { Answered, Identity, Refused, Verification } from '../../providers/runtime';
import { ANSWERS } from './answers';

/** Content types, for a response header: printable ASCII. */
const CONTENT_TYPE = /^[\x20-\x7e]+$/;

/** Nothing that a provider sends proves what a backfill alone may say. */
const isVerified = ({ proof }: { readonly proof: unknown }): boolean =>
  typeof proof === 'string' && proof !== '' && proof !== 'reconciled';

const isRefused = ({ reason }: Refused): boolean =>
  Object.hasOwn(ANSWERS, reason) && ANSWERS[reason].statusCode !== 200;

const isAnswered = ({ statusCode, body, contentType }: Answered): boolean =>
  Number.isInteger(statusCode) &&
  statusCode >= 200 &&
  statusCode < 300 &&
  typeof body === 'string' &&
  typeof contentType === 'string' &&
  CONTENT_TYPE.test(contentType);

/** @throws Error for a value that is no verification */
export function checkVerification(verification: Verification): Verification {
  switch (verification?.outcome) {
    case 'verified':
      if (isVerified(verification)) return verification;
      throw new Error('The runtime verified a delivery and named no proof.');
    case 'refused':
      if (isRefused(verification)) return verification;
      throw new Error('The runtime refused a delivery for a reason that is no RefusalReason.');
    case 'answered':
      if (isAnswered(verification)) return verification;
      throw new Error(
        'The runtime answered a handshake without a status code from 200 to 299, a body and a content type.',
      );
    default:
      throw new Error('The runtime returned no verification: its outcome must be verified, refused or answered.');
  }
}

/** @throws Error for an identity without a key: all such deliveries would be duplicates of the first one */
export function checkIdentity(identity: Identity): Identity {
  if (typeof identity.key === 'string' && identity.key !== '') return identity;
  throw new Error('The runtime identified a delivery by an empty key.');
}
