/** Converts the parts that many Recall.ai events have. */
import type { MeetingEventType } from '@meetbus/events';
import { compact, mismatch } from '../kit/normalize';
import type { AnyBot, Entity, EventContext, Participant } from './payloads';

/** The types about one participant. */
export type ParticipantType = Extract<MeetingEventType, `participant.${string}`>;

/** The mismatch of a bot's event without a bot. */
export const NO_BOT = mismatch('data.bot.id: string');

export const entityOf = (entity: Entity | undefined) => (entity ? compact(entity) : undefined);

/** The bot of an event, in any form. */
export const botOf = ({ bot, bot_id }: AnyBot) => entityOf(bot) ?? (bot_id ? { id: bot_id } : undefined);

export const contextOf = (data: EventContext) =>
  compact({
    bot: entityOf(data.bot),
    recording: entityOf(data.recording),
    endpoint: entityOf(data.realtime_endpoint),
  });

export const participantOf = ({ is_host, extra_data, ...rest }: Participant) =>
  compact({ ...rest, ishost: is_host, extradata: extra_data });

/** Members that may contain a participant. */
interface Containers {
  readonly bot?: { readonly id: string } | undefined;
  readonly recording?: { readonly id: string } | undefined;
}

/** Participant ids repeat across meetings, so the subject begins with the bot, or else the recording. */
export function participantSubject({ bot, recording }: Containers, id: string | undefined): string {
  const container = bot ? `bot/${bot.id}` : recording ? `recording/${recording.id}` : undefined;
  const own = id ? `participant/${id}` : undefined;
  return [container, own].filter((part) => part !== undefined).join('/') || 'participant';
}
