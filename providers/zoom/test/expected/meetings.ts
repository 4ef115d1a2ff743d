/** What meetings and webinars become, written by hand. */
import { MEETING, payload, type Row, SITTING } from './sitting';

const JOINED = {
  user_id: '16778240',
  user_name: 'Guest One',
  id: 'DYHrdpjrS3uaOf7dPkkg8w',
  participant_uuid: '55555AAA-2222-BBBB-3333-CCCCCCCCCCCC',
  email: 'guest.one@example.org',
  registrant_id: 'abcdefghij0',
  participant_user_id: 'DYHrdpjrS3uaOf7dPkkg8w',
  customer_key: '349589LkJyeW',
  phone_number: '8615250064084',
};

const PARTICIPANT = {
  id: '16778240',
  name: 'Guest One',
  email: 'guest.one@example.org',
  customid: '349589LkJyeW',
  extradata: {
    participant_uuid: '55555AAA-2222-BBBB-3333-CCCCCCCCCCCC',
    id: 'DYHrdpjrS3uaOf7dPkkg8w',
    participant_user_id: 'DYHrdpjrS3uaOf7dPkkg8w',
    registrant_id: 'abcdefghij0',
    phone_number: '8615250064084',
  },
};

const SHARING = {
  user_id: '16778240',
  user_name: 'Guest One',
  id: 'DYHrdpjrS3uaOf7dPkkg8w',
  sharing_details: { content: 'application', date_time: '2026-02-03T09:42:05Z', source: 'in_meeting' },
};

const SHARER = { id: '16778240', name: 'Guest One', extradata: { id: 'DYHrdpjrS3uaOf7dPkkg8w' } };

const MESSAGE = {
  date_time: '2026-02-03T09:42:05Z',
  sender_session_id: '7E1D9F04-3333-4444-8888-DDDDDDDDDDDD',
  sender_name: 'Guest One',
  sender_email: 'guest.one@example.org',
  sender_type: 'guest',
  recipient_type: 'everyone',
  message_id: 'MS17RDk0QTY3QUQtQkFGQy04QTJFLTI2RUEtNkYxQjRBRTU1MTk5fQ==',
  message_content: 'Hello all',
};

/** What meetings and webinars have in common. */
export const common = (kind: 'meeting' | 'webinar'): Row[] => [
  [`${kind}.started`, payload(SITTING), 'meeting.started', 'meeting/85746065432', { meeting: MEETING }],
  [
    `${kind}.ended`,
    payload({ ...SITTING, end_time: '2026-02-03T09:42:05Z' }),
    'meeting.ended',
    'meeting/85746065432',
    { meeting: { ...MEETING, endedat: '2026-02-03T09:42:05.000Z' } },
  ],
  [
    `${kind}.participant_joined`,
    payload({ ...SITTING, participant: { ...JOINED, join_time: '2026-02-03T09:42:05Z' } }),
    'participant.joined',
    'meeting/85746065432/participant/16778240',
    { participant: { ...PARTICIPANT, joinedat: '2026-02-03T09:42:05.000Z' }, meeting: MEETING },
  ],
  [
    `${kind}.participant_left`,
    payload({
      ...SITTING,
      participant: { ...JOINED, leave_time: '2026-02-03T09:42:05Z', leave_reason: 'left the meeting' },
    }),
    'participant.left',
    'meeting/85746065432/participant/16778240',
    {
      participant: { ...PARTICIPANT, leftat: '2026-02-03T09:42:05.000Z' },
      reason: 'left the meeting',
      meeting: MEETING,
    },
  ],
  [
    `${kind}.sharing_started`,
    payload({ ...SITTING, participant: SHARING }),
    'participant.screenshare_started',
    'meeting/85746065432/participant/16778240',
    { participant: SHARER, meeting: MEETING },
  ],
  [
    `${kind}.sharing_ended`,
    payload({ ...SITTING, participant: SHARING }),
    'participant.screenshare_stopped',
    'meeting/85746065432/participant/16778240',
    { participant: SHARER, meeting: MEETING },
  ],
  [
    `${kind}.chat_message_sent`,
    payload({ id: 85_746_065_432, uuid: SITTING.uuid, chat_message: MESSAGE }),
    'chat.message_sent',
    'meeting/85746065432/participant/7E1D9F04-3333-4444-8888-DDDDDDDDDDDD',
    {
      participant: {
        id: '7E1D9F04-3333-4444-8888-DDDDDDDDDDDD',
        name: 'Guest One',
        email: 'guest.one@example.org',
      },
      message: {
        text: 'Hello all',
        to: 'everyone',
        id: 'MS17RDk0QTY3QUQtQkFGQy04QTJFLTI2RUEtNkYxQjRBRTU1MTk5fQ==',
      },
      meeting: { id: '85746065432', sessionid: SITTING.uuid, organization: MEETING.organization },
    },
  ],
  [
    `${kind}.rtms_started`,
    {
      [`${kind}_uuid`]: SITTING.uuid,
      operator_id: 'uLoRgfbbTayCX6r2Q_qQsQ',
      rtms_stream_id: '609340fb2a7946909659956c8aa9250c',
      server_urls: 'wss://one.example.org:443,wss://two.example.org:443',
    },
    'mediastream.started',
    'mediastream/609340fb2a7946909659956c8aa9250c',
    {
      mediastream: {
        id: '609340fb2a7946909659956c8aa9250c',
        serverurls: ['wss://one.example.org:443', 'wss://two.example.org:443'],
      },
      meeting: { id: SITTING.uuid, sessionid: SITTING.uuid },
    },
  ],
  [
    `${kind}.rtms_stopped`,
    { [`${kind}_uuid`]: SITTING.uuid, rtms_stream_id: '609340fb2a7946909659956c8aa9250c', stop_reason: 6 },
    'mediastream.stopped',
    'mediastream/609340fb2a7946909659956c8aa9250c',
    {
      mediastream: { id: '609340fb2a7946909659956c8aa9250c' },
      reason: '6',
      meeting: { id: SITTING.uuid, sessionid: SITTING.uuid },
    },
  ],
];
