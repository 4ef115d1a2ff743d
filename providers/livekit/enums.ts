/**
 * Enumerations of LiveKit's protocol. Its JSON has their names; numbers and other capitals are understood too. A member with the first
 * value is left out, so its reader must know what a missing member means. A value that is not known stays as it came.
 */
import * as z from 'zod/mini';
import { id, lenient } from '../kit/normalize';

/** A value of an enumeration, by name. @param names of the values from 0; a gap is undefined */
const enumeration = (...names: readonly (string | undefined)[]) =>
  lenient(
    z.pipe(
      id,
      z.transform((text) => (/^\d+$/.test(text) ? (names[Number(text)] ?? text) : text.toUpperCase())),
    ),
  );

export const participantKind = enumeration(
  ...['STANDARD', 'INGRESS', 'EGRESS', 'SIP', 'AGENT', undefined, undefined, 'CONNECTOR', 'BRIDGE'],
);
export const trackType = enumeration('AUDIO', 'VIDEO', 'DATA');
export const trackSource = enumeration('UNKNOWN', 'CAMERA', 'MICROPHONE', 'SCREEN_SHARE', 'SCREEN_SHARE_AUDIO');
export const disconnectReason = enumeration(
  ...['UNKNOWN_REASON', 'CLIENT_INITIATED', 'DUPLICATE_IDENTITY', 'SERVER_SHUTDOWN', 'PARTICIPANT_REMOVED'],
  ...['ROOM_DELETED', 'STATE_MISMATCH', 'JOIN_FAILURE', 'MIGRATION', 'SIGNAL_CLOSE', 'ROOM_CLOSED'],
  ...['USER_UNAVAILABLE', 'USER_REJECTED', 'SIP_TRUNK_FAILURE', 'CONNECTION_TIMEOUT', 'MEDIA_FAILURE', 'AGENT_ERROR'],
);
export const egressStatus = enumeration(
  ...['EGRESS_STARTING', 'EGRESS_ACTIVE', 'EGRESS_ENDING', 'EGRESS_COMPLETE', 'EGRESS_FAILED', 'EGRESS_ABORTED'],
  'EGRESS_LIMIT_REACHED',
);
export const ingressInput = enumeration('RTMP_INPUT', 'WHIP_INPUT', 'URL_INPUT');
export const ingressStatus = enumeration(
  ...['ENDPOINT_INACTIVE', 'ENDPOINT_BUFFERING', 'ENDPOINT_PUBLISHING', 'ENDPOINT_ERROR', 'ENDPOINT_COMPLETE'],
);
export const jobStatus = enumeration('JS_PENDING', 'JS_RUNNING', 'JS_SUCCESS', 'JS_FAILED');
