/** What `docs/events.md` says about Zoom. */
import { docsOf } from '../kit/docs';
import type { ProviderDocs } from '../provider';
import { ZOOM_EVENTS, zoomTypeOf } from './event-names';

export const docs: ProviderDocs = {
  events: docsOf(ZOOM_EVENTS, zoomTypeOf),
  timeless: [],
  notes: `**Ids.** \`meeting.id\` is the number with which people join; it stays the same for every sitting of a recurring meeting.
\`meeting.sessionid\` is Zoom's uuid of the sitting. Events of live media name the sitting alone: there \`meeting.id\` is the uuid too, so match
\`meeting.sessionid\`. A recording's id is the uuid of its sitting, however often the recording was paused. A uuid may contain slashes, and stands
in a subject as it is. \`participant.id\` is Zoom's \`user_id\`, which a participant has until leaving. Chat messages have only
\`sender_session_id\`, so there it is that. Guests who are not signed in may have no ids. \`participant.extradata\` has Zoom's other ids.

**Live media.** Zoom streams the media of \`mediastream.started\` to one connection: a second consumer that connects ends the connection of the
first. So let one rule alone match this type. Connect within a minute. If it comes again for a stream that runs, with a later time, the server
of the stream has failed: connect again.

**Downloads.** The links of files need an OAuth access token of the Zoom account. The token that Zoom sends with the event is removed.
A recording has no single link: take the file that you need by its \`kind\` or \`format\`. A transcript has the format \`TRANSCRIPT\`.`,
};
