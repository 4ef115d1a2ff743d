/** Why events of the log and of an archive were not recognized. */
import { UNRECOGNIZED_REASONS } from '@meetbus/events';

/** Older versions wrote this for `sender_not_proved`. */
const SENDER_NOT_NAMED = 'sender_not_named';

/** Every reason that an event may have. */
export const EVERY_REASON: readonly string[] = [...UNRECOGNIZED_REASONS, SENDER_NOT_NAMED];

/** Reasons of deliveries whose sender was not proved: any customer of the provider can have sent them. */
export const SENDER_REASONS: readonly string[] = ['sender_not_proved', SENDER_NOT_NAMED];
