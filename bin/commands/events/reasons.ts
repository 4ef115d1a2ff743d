/** Why events of the log and of an archive were not recognized: for reasons of today, or of an older version. */
import { UNRECOGNIZED_REASONS } from '@meetbus/events';

/** What older versions said of RealtimeKit's senders whom no list named; `sender_not_proved` since. */
const SENDER_NOT_NAMED = 'sender_not_named';

/** Every reason that an event may have. */
export const EVERY_REASON: readonly string[] = [...UNRECOGNIZED_REASONS, SENDER_NOT_NAMED];

/** Reasons that say that nobody knows who of the provider's customers sent it. */
export const SENDER_REASONS: readonly string[] = ['sender_not_proved', SENDER_NOT_NAMED];
