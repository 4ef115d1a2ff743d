/**
 * The entities in meeting events, such as bots and recordings. Field names are lower case without separators, like the
 * attribute names of CloudEvents. A field is required only if every provider always sends it.
 */
import * as z from 'zod/mini';
import { described } from './described';

/** Time in UTC, ISO 8601 with `Z`, as precise as the provider gave it. */
export const utcTime = z.iso.datetime();

/** A field that may be absent, with its description. */
const text = (description: string) => described(z.optional(z.string()), description);
const number = (description: string) => described(z.optional(z.number()), description);
const flag = (description: string) => described(z.optional(z.boolean()), description);
const time = (description: string) => described(z.optional(utcTime), description);
const record = (description: string) => described(z.optional(z.record(z.string(), z.unknown())), description);

/** An entity's own id. */
const id = described(z.string(), 'Id at the provider');

/** Free-form labels that the customer attached at the provider. */
const metadata = record('Labels that the customer attached at the provider');

/** A meeting bot. */
export const bot = described(z.looseObject({ id, metadata }), 'Bot that attends the meeting');

/** A part of a meeting that some participants are in, apart from the others. */
export const breakoutroom = described(
  z.looseObject({ id: text('Id at the provider'), name: text('Name as the meeting shows it') }),
  'Breakout room that the status is about',
);

/** A meeting, which some providers call a room. `sessionid` names one sitting of it. */
export const meeting = described(
  z.looseObject({
    id: described(z.string(), 'Id at the provider; the same for every sitting'),
    sessionid: text('Id of this sitting'),
    title: text('Title'),
    createdat: time('When it was created'),
    startedat: time('When the sitting began'),
    endedat: time('When the sitting ended'),
    hostid: text('Id of the host at the provider'),
    organization: described(
      z.optional(
        z.looseObject({
          id,
          name: text('Name'),
        }),
      ),
      'Organization at the provider to which the meeting belongs',
    ),
  }),
  'Meeting',
);

/**
 * A person or device in a meeting. `id` is the provider's and may be a small number that repeats across
 * meetings, so it identifies a participant only together with the bot or the meeting.
 */
export const participant = described(
  z.looseObject({
    id: text(
      'Id at the provider; others have it in other meetings, so it counts only together with the bot or the meeting',
    ),
    name: text('Name as the meeting shows it'),
    email: text('E-mail address'),
    ishost: flag('True for a host of the meeting'),
    platform: text('What the participant joined with, in the words of the provider'),
    customid: text("The customer's own id of the participant, where the provider lets one be set"),
    joinedat: time('When the participant joined'),
    leftat: time('When the participant left'),
    extradata: record('What the meeting platform says besides, in its own shape'),
  }),
  'Person or device in the meeting',
);

/** A recording of a meeting. */
export const recording = described(
  z.looseObject({
    id,
    metadata,
    type: text(
      'What is recorded, in the words of the provider, such as `TRACK` for one file a participant; an open list',
    ),
    startedat: time('When the recording began'),
    stoppedat: time('When the recording ended'),
    duration: number('Length in seconds'),
    filename: text('Name of the file'),
    filesize: number('Size of the file in bytes'),
  }),
  'Recording of the meeting',
);

/** A transcript of a recording. */
export const transcript = described(z.looseObject({ id, metadata }), 'Transcript of the recording');

/** A media object cut from a recording. */
export const media = described(
  z.looseObject({
    id,
    kind: described(z.string(), 'What it holds, such as `video_mixed` or `participant_events`; an open list'),
    metadata,
  }),
  'Media object that is part of a recording',
);

/** A real-time endpoint: the stream of live events that a bot sends to one URL. */
export const endpoint = described(
  z.looseObject({ id, metadata }),
  'Real-time endpoint: live events of a bot, sent to one URL',
);

/** An upload of a recording made by a desktop application. */
export const upload = described(z.looseObject({ id, metadata }), 'Upload of what a desktop application recorded');

/** A livestream of a meeting. The stream key is never part of it. */
export const livestream = described(
  z.looseObject({
    id,
    playbackurl: text('URL at which the stream can be watched'),
    ingestserver: text('URL of the server that takes the stream in; the stream key is never included'),
    manualingest: flag('True where the stream is fed by hand'),
  }),
  'Livestream of the meeting',
);

/** A stream that comes into a meeting from outside. The stream key is never part of it. */
export const ingress = described(
  z.looseObject({
    id,
    kind: text('How the stream comes in, in the words of the provider, such as `RTMP_INPUT`; an open list'),
    name: text('Name that the customer gave it'),
  }),
  'Stream that is fed into the meeting from outside',
);

/** A stream of sound, video and transcript that the provider offers while a meeting runs. */
export const mediastream = described(
  z.looseObject({
    id,
    serverurls: described(
      z.optional(z.array(z.string())),
      'Servers to connect to. With the credentials of the app they open the stream; keep them out of logs',
    ),
  }),
  'Live media of the meeting, for one consumer that connects to the provider',
);

/** A track: the sound or video of one device of a participant. */
export const track = described(
  z.looseObject({
    id,
    kind: text('What it carries, in the words of the provider, such as `AUDIO`; an open list'),
    source: text('Where it comes from, in the words of the provider, such as `SCREEN_SHARE_AUDIO`; an open list'),
    name: text('Name that the application gave it'),
  }),
  'Sound or video that a participant publishes',
);

/** A written summary of a meeting. */
export const summary = described(
  z.looseObject({
    title: text('Title'),
    text: text('The summary itself; Markdown where the provider writes it'),
    nextsteps: described(z.optional(z.array(z.string())), 'What the participants have agreed to do'),
  }),
  'Summary of the meeting, where the provider sends its text',
);

/** A calendar that the provider watches. */
export const calendar = described(z.looseObject({ id }), 'Calendar that the provider watches');

/** A Slack workspace that the provider's Slack app is in. */
export const slackteam = described(z.looseObject({ id, metadata }), "Slack workspace that the provider's app is in");

/**
 * Where a thing is in its life. Codes are the provider's own words and an open list: new ones come without notice,
 * so match on the ones you know and ignore the rest.
 */
export const status = described(
  z.looseObject({
    code: described(
      z.string(),
      'Status in the words of the provider; an open list: match those that you know, ignore the rest',
    ),
    subcode: text('Reason or detail in the words of the provider; an open list'),
  }),
  'Where the subject is in its life',
);

/** A link to a file, which a provider may also protect by an access token of the account. */
const link = (what: string) =>
  text(
    `Link to ${what}, which may expire. It is often a bearer link: anyone who has it can read it; keep it out of logs`,
  );

/** A file to fetch. Treat the URLs as bearer links: anyone who has one may be able to read the file until `expiresat`. */
export const download = described(
  z.looseObject({
    url: link('the file'),
    audiourl: link('the sound alone'),
    files: described(
      z.optional(
        z.array(
          z.looseObject({
            url: link('the file'),
            name: text('Name of the file, or what distinguishes it from the others'),
            layer: text('Layer of the recording that the file belongs to'),
            id: text('Id at the provider'),
            kind: text('What the file holds, in the words of the provider, such as `active_speaker`; an open list'),
            format: text('Format of the file, in the words of the provider, such as `MP4`; an open list'),
            size: number('Size in bytes'),
            startedat: time('When what it holds began'),
            endedat: time('When what it holds ended'),
          }),
        ),
      ),
      'The files one by one, where there are several, such as one a participant; `url` is absent then',
    ),
    expiresat: time('When the links expire'),
  }),
  'Where to fetch the file',
);

/** One spoken word or phrase. */
export const word = described(
  z.looseObject({
    text: described(z.string(), 'Word or phrase'),
    start: number('Beginning, in seconds since the recording began'),
    end: number('End, in seconds since the recording began'),
    startedat: time('Beginning, as a time of day'),
    endedat: time('End, as a time of day'),
  }),
  'Spoken word or phrase',
);
