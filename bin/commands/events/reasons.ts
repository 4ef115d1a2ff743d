/** Why events of the log and of an archive were not recognized, and what to do about it. */
import { SET_ASIDE_REASONS, UNRECOGNIZED_REASONS, type UnrecognizedReason } from '@meetbus/events';

/** Older versions wrote this for `sender_not_proved`. */
const SENDER_NOT_NAMED = 'sender_not_named';

/** Every reason that an event may have. */
export const EVERY_REASON: readonly string[] = [...UNRECOGNIZED_REASONS, SENDER_NOT_NAMED];

/** Reasons of deliveries that were understood, but not fully proved. */
const SET_ASIDE: readonly string[] = [...SET_ASIDE_REASONS, SENDER_NOT_NAMED];

/** Reasons of deliveries whose sender was not proved: any customer of the provider can have sent them. */
export const SENDER_REASONS: readonly string[] = ['sender_not_proved', SENDER_NOT_NAMED];

const NO_MEETING_EVENT = "Not what the provider's documentation says: look at one of them, and ask the provider.";
const NEW =
  'The provider has new or changed events: install a newer version, or extend the provider, then reprocess them.';
const NOT_PROVED = 'The URL at the provider has no good token, or a stranger sent it: npx meetbus secrets show.';

const REMEDIES: Readonly<Record<UnrecognizedReason | typeof SENDER_NOT_NAMED, string>> = {
  not_json: NO_MEETING_EVENT,
  no_event_name: NO_MEETING_EVENT,
  unknown_event_name: NEW,
  schema_mismatch: NEW,
  sender_not_proved: `${NOT_PROVED} Then reprocess those of your own organization.`,
  sender_not_named: `${NOT_PROVED} Then reprocess those of your own organization.`,
  signature_required:
    'A token alone proves no event of this name. Is a signing secret missing? npx meetbus secrets show.',
};

/** What to do about events that were not recognized for a reason, and where the runbook says more. */
export const remedyOfReason = (reason: string): string => {
  const section = SET_ASIDE.includes(reason) ? 'deliveries-set-aside' : 'unrecognized-events';
  return `${REMEDIES[reason as keyof typeof REMEDIES] ?? NEW} docs/runbook.md#${section}.`;
};
