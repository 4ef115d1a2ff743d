/** Which Zoom deliveries are the same. */
import { delivery } from '../../../test/support/deliveries';
import { readBody } from '../../kit/body';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { runtime } from '../runtime';
import { sandbox, zoomBody } from '../sandbox';
import { zoomHeaders } from './signer';

const VERIFIED = { outcome: 'verified', proof: 'signature' } as const;

function identityOf(body: unknown, headers: Record<string, string> = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const sent = delivery({ body: bytes, headers: { ...zoomHeaders('any-token', bytes), ...headers } });
  return runtime.identify(sent, readBody(bytes, runtime), VERIFIED);
}

const keyOf = (body: unknown): string => identityOf(body).key;

/** The members in the opposite order, at every level. */
const turned = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, turned(member)]),
      )
    : value;

/** What Zoom makes new for a retry: tokens and links, anywhere. */
const renewed = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (name, value) =>
    typeof value === 'string' && (/token|password|passcode/.test(name) || /^https:/.test(value))
      ? value.replace(/.{4}$/, 'new!')
      : value,
  );

describe.each(sandbox.events)('%s', (event) => {
  const body = zoomBody(event);

  it('has the same key with new tokens and links, in another order', () => {
    expect(keyOf({ download_token: 'new', ...(turned(renewed(body)) as object) })).toBe(keyOf(body));
  });

  it('has another key at another time', () => {
    expect(keyOf({ ...body, event_ts: Number(body.event_ts) + 1 })).not.toBe(keyOf(body));
  });

  it('has another key in another meeting, and in another account', () => {
    const keys = [body, zoomBody(event, { seed: 'other' })].map(keyOf);
    if (!event.includes('rtms')) keys.push(keyOf(vary(body, { 'payload.account_id': 'other' })));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has another key under another name', () => {
    expect(keyOf({ ...body, event: `${event}_again` })).not.toBe(keyOf(body));
  });

  it('without its time, has a key of its content, in which tokens and links do not count', () => {
    const timeless = vary(body, { event_ts: ABSENT });
    expect(keyOf(timeless)).toMatch(/^content:/);
    expect(keyOf(turned(renewed(timeless)))).toBe(keyOf(timeless));
    expect(keyOf(zoomBody(event, { seed: 'other' }))).not.toBe(keyOf(timeless));
  });
});

const guest = (participant: object, event = 'meeting.participant_joined') =>
  vary(zoomBody(event), { 'payload.object.participant': participant });

it('tells participants of the same millisecond apart, by whatever they have', () => {
  const bodies = [
    guest({ user_name: 'Guest' }),
    guest({ user_name: 'Another guest' }),
    guest({ user_name: 'Guest', user_id: '1' }),
    guest({ user_name: 'Guest', user_id: '2' }),
    guest({ user_name: 'Guest', id: '1' }),
    guest({ user_name: 'Guest', participant_uuid: '1' }),
    guest({ user_name: 'Guest', participant_user_id: '1' }),
    guest({ user_name: 'Guest', registrant_id: '1' }),
    guest({ user_name: 'Guest', join_time: '2026-02-03T09:42:05Z' }),
    guest({ user_name: 'Guest', join_time: '2026-02-03T09:42:06Z' }),
    guest({ user_name: 'Another guest', join_time: '2026-02-03T09:42:06Z' }),
    guest({ user_name: 'Guest', leave_time: '2026-02-03T09:42:06Z' }),
    guest({ user_name: 'Guest' }, 'meeting.participant_left'),
  ];
  expect(new Set(bodies.map(keyOf)).size).toBe(bodies.length);
});

it('takes a number and its text for the same id', () => {
  const withIds = (id: unknown, user_id: unknown) =>
    vary(zoomBody('meeting.participant_joined'), {
      'payload.object.id': id,
      'payload.object.participant.user_id': user_id,
    });
  expect(keyOf(withIds(85_746_065_432, 7))).toBe(keyOf(withIds('85746065432', '7')));
});

it.each([
  ['a participant who has nothing', guest({ email: '' })],
  [
    'a message without an id',
    vary(zoomBody('meeting.chat_message_sent'), { 'payload.object.chat_message.message_id': ABSENT }),
  ],
  ['live media without a stream', vary(zoomBody('meeting.rtms_started'), { 'payload.rtms_stream_id': ABSENT })],
  ['an account alone', { event: 'meeting.started', event_ts: 1, payload: { account_id: 'a' } }],
  ['no payload', { event: 'meeting.started', event_ts: 1 }],
  ['an unknown name', { ...zoomBody('meeting.started'), event: 'meeting.next_year' }],
  ['no name', { data: 1 }],
])('a body with %s has a key of its content', (_what, body) => {
  expect(keyOf(body)).toMatch(/^content:/);
  expect(keyOf({ ...body, content: 'more' })).not.toBe(keyOf(body));
  expect(keyOf({ ...body, download_token: 'new', link: 'https://zoom.example/one' })).toBe(
    keyOf({ ...body, link: 'https://zoom.example/two' }),
  );
  const withText = (text: string) => keyOf({ ...body, text });
  expect(withText('Watch https://zoom.example/one now')).toBe(withText('Watch https://zoom.example/two now'));
  expect(withText('Watch https://zoom.example/one now')).not.toBe(withText('Watch https://zoom.example/one later'));
});

it('tells recordings of one time apart by their files, in any order', () => {
  const withFiles = (...ids: string[]) =>
    vary(zoomBody('recording.completed'), { 'payload.object.recording_files': ids.map((id) => ({ id })) });
  expect(keyOf(withFiles('a', 'b'))).toBe(keyOf(withFiles('b', 'a')));
  expect(keyOf(withFiles('a'))).not.toBe(keyOf(withFiles('b')));
});

it('tells files without an id, or with a number for one, apart too', () => {
  const file = {
    file_type: 'TIMELINE',
    recording_start: '2026-02-03T09:30:00Z',
    download_url: 'https://zoom.example/1',
  };
  const withFiles = (...files: object[]) =>
    keyOf(vary(zoomBody('recording.completed'), { 'payload.object.recording_files': files }));
  const keys = [
    ...[withFiles({ id: 1 }), withFiles({ id: 2 }), withFiles({ id: 1 }, file), withFiles(file), withFiles(file, file)],
    ...[
      withFiles({ ...file, file_type: 'CC' }),
      withFiles({ ...file, recording_start: '2026-02-03T09:35:00Z' }),
      withFiles(),
    ],
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(withFiles({ ...file, download_url: 'https://zoom.example/2', file_size: 9 })).toBe(withFiles(file));
});

it('counts every digit of an unknown event', () => {
  const withNumber = (digits: string) => Buffer.from(`{"event":"of.next_year","number":${digits}}`);
  // Node.js 20 reads numbers without their digits.
  if (JSON.rawJSON === undefined) return;
  expect(keyOf(withNumber('9007199254740993'))).not.toBe(keyOf(withNumber('9007199254740992')));
});

it.each([
  ['not JSON', Buffer.from('{"event"'), Buffer.from('{"event" ')],
  ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xfe, 0x22])],
  ['empty', Buffer.from(''), Buffer.from(' ')],
])('a body that is %s has a key of its bytes', (_what, one, other) => {
  expect(keyOf(one)).toMatch(/^bytes:/);
  expect(keyOf(one)).not.toBe(keyOf(other));
});

describe('the id of a request', () => {
  const body = zoomBody('meeting.started');

  it('is in the log, and does not change the key', () => {
    const [one, other] = ['request-1', 'request-2'].map((id) => identityOf(body, { 'x-zm-trackingid': id }));
    expect([one?.deliveryId, other?.deliveryId]).toEqual(['request-1', 'request-2']);
    expect(one?.key).toBe(other?.key);
  });

  it('may have another name, or be missing', () => {
    const withRequestId = { 'x-zm-trackingid': '', 'x-zm-request-id': 'request-3' };
    expect(identityOf(body, withRequestId).deliveryId).toBe('request-3');
    expect(identityOf(body, { 'x-zm-trackingid': '' }).deliveryId).toBeUndefined();
  });
});

it('deliveries of one sitting share a group', () => {
  const groups = new Set(sandbox.events.map((event) => runtime.groupOf(zoomBody(event))));
  expect([...groups]).toEqual([(zoomBody('meeting.started').payload as { object: { uuid: string } }).object.uuid]);
});
