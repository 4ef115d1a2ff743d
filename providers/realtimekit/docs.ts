/** What `docs/events.md` says about RealtimeKit. */
import { docsOf } from '../kit/docs';
import type { ProviderDocs } from '../provider';
import { RECORDING_TYPES, realtimekitTypeOf } from './event-names';
import { realtimekitSamples } from './sandbox';

/** Its type depends on the status in its payload. */
const RECORDING = 'recording.statusUpdate';

export const docs: ProviderDocs = {
  events: [
    ...docsOf(
      Object.keys(realtimekitSamples).filter((name) => name !== RECORDING),
      realtimekitTypeOf,
    ),
    ...Object.entries(RECORDING_TYPES).map(([status, type]) => ({
      name: RECORDING,
      type,
      when: `with status \`${status}\``,
    })),
    { name: RECORDING, type: 'recording.status_changed', when: 'with any other status' },
  ],
  timeless: [
    'chat.export_ready',
    'summary.ready',
    'livestream.status_changed',
    'transcript.ready',
    'recording.paused',
    'recording.ready',
    'recording.failed',
    'recording.status_changed',
  ],
  notes: `**Repeated bodies.** Most deliveries are told apart by their bodies, because nothing else is signed. Bodies of
\`livestreaming.statusUpdate\`, and of \`recording.statusUpdate\` with status \`RECORDING\` or \`PAUSED\`, repeat for genuine changes.
There the header \`rtk-uuid\` tells them apart; Meetbus assumes that RealtimeKit keeps it on a retry. For recordings the header counts
only behind a URL with a token: without one, only the first pause and the first resumption of a recording may become events.`,
};
