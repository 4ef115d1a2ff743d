/** What `docs/events.md` says about LiveKit. */

import { docsOf } from '../kit/docs';
import type { EventDocs, ProviderDocs } from '../provider';
import { EGRESS_EVENTS, livekitTypeOf, RECORDING_TYPES, TRACK_TYPES } from './event-names';
import { livekitSamples } from './sandbox';

const TRACK_EVENTS = ['track_published', 'track_unpublished'] as const;

/** The payload decides the type. */
const tracks: readonly EventDocs[] = TRACK_EVENTS.flatMap((name, turn) => [
  ...Object.entries(TRACK_TYPES).map(([source, types]) => ({
    name,
    type: types[turn as 0 | 1],
    when: `with source \`${source}\``,
  })),
  { name, type: (['track.published', 'track.unpublished'] as const)[turn as 0 | 1], when: 'with any other source' },
]);

/** When LiveKit's server sends each status. */
const STATUSES: Readonly<Record<(typeof EGRESS_EVENTS)[number], readonly (keyof typeof RECORDING_TYPES)[]>> = {
  egress_started: [],
  egress_updated: ['EGRESS_ACTIVE', 'EGRESS_ENDING'],
  egress_ended: ['EGRESS_COMPLETE', 'EGRESS_LIMIT_REACHED', 'EGRESS_FAILED', 'EGRESS_ABORTED'],
};

const egresses: readonly EventDocs[] = EGRESS_EVENTS.flatMap((name) => [
  ...STATUSES[name].map((status) => ({ name, type: RECORDING_TYPES[status], when: `with status \`${status}\`` })),
  { name, type: 'recording.status_changed' as const, when: 'with any other status' },
  { name, type: 'livestream.status_changed' as const, when: 'where the only outputs are streams' },
]);

const BY_PAYLOAD: readonly string[] = [...TRACK_EVENTS, ...EGRESS_EVENTS];

export const docs: ProviderDocs = {
  events: [
    ...docsOf(
      Object.keys(livekitSamples).filter((name) => !BY_PAYLOAD.includes(name)),
      (name) => livekitTypeOf(name, {}),
    ),
    ...tracks,
    ...egresses,
  ],
  timeless: [],
  notes: `**Rooms.** A room is a meeting: \`meeting.id\` is its name, and \`meeting.sessionid\` its \`sid\`, which is new each time that the room is opened.
\`participant.id\` is the \`sid\` of one connection, and \`participant.customid\` the identity, which stays the same.

**Pairs.** LiveKit promises neither that a delivery arrives nor its order. Users report participants who leave without having joined, who never
leave, or who leave after they have joined again. So take \`participant.left\` for the connection in \`participant.id\` alone, and \`meeting.ended\` for all
who are still there.

**Egress.** One with a file, segments or images is a recording, also where it streams too: \`data.raw\` has its streams. Its life is that of its
status, whatever the name of the event: \`EGRESS_STARTING\` is a request that is not yet fulfilled. \`status.subcode\` is LiveKit's error text, in
which addresses are replaced, because they may hold a stream key. An automatic egress that could not start has no id: \`recording.id\` is the id of
the event then.

**Agents.** A job of an agent is a bot, and its id that of the job.`,
};
