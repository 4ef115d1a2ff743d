/** What `docs/events.md` says about Recall.ai. */
import { docsOf } from '../kit/docs';
import type { ProviderDocs } from '../provider';
import { recallTypeOf } from './event-names';
import { recallSamples } from './sandbox';

export const docs: ProviderDocs = {
  events: [
    // Recall.ai documents no body of the last one.
    ...docsOf([...Object.keys(recallSamples), 'recording.uploading'], recallTypeOf),
    { name: 'bot.transcription', type: 'transcript.partial_segment', when: 'with `is_final` false' },
    { name: 'recording.<code>', type: 'recording.status_changed', when: 'with any other code' },
  ],
  timeless: ['transcript.provider_data', 'calendar.updated', 'calendar.synced'],
  notes: `**Two generations of the API.** Events of the API v1.10 become the types of their successors. Its real-time events carry less:
a participant is an id alone. \`bot.active_speaker_notify\` becomes \`participant.speech_started\` without a later
\`participant.speech_stopped\`: the next speaker ends it. \`bot.log\`, \`bot.output_log\` and \`bot.participant_in_waiting_room\` are
no statuses and have no type of their own: they stay on the intake bus, as \`event.unrecognized\`.

**Status events twice.** A workspace that subscribes to both \`bot.status_change\` and \`bot.<code>\` gets two deliveries for each
status, each with an id of its own, so they become two events. Subscribe to one of the two. If you cannot, treat two events with
the same \`type\`, \`subject\`, \`time\` and \`data.status.code\` as one.

**Statuses of others.** \`breakout_room_opened\`, \`breakout_room_closed\` and \`participant_in_waiting_room\` are statuses of a bot
that say nothing about the bot itself. They make no event stale, and are never stale.`,
};
