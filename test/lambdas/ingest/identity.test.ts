import { createHash } from 'node:crypto';
import { eventIdOf, onceKeyOf } from '../../../lambdas/ingest/identity';
import { type Verified, verifiedBy } from '../../../providers/runtime';
import { delivery } from '../../support/deliveries';
import { RUNTIMES } from '../../support/runtimes';

const recallKey = (body: string, headers: Record<string, string> = {}) =>
  RUNTIMES.recall.identify(
    delivery({ body, headers }),
    { body: {}, event: 'calendar.update' },
    verifiedBy('webhook-id' in headers || 'svix-id' in headers ? 'signature' : 'token'),
  ).key;

const realtimekitKey = (event: string, body: string, uuid: string, verified: Partial<Verified> = {}) =>
  RUNTIMES.realtimekit.identify(
    delivery({ body, headers: { 'rtk-uuid': uuid } }),
    { body: { recording: { status: body } }, event },
    { ...verifiedBy('signature'), ...verified },
  ).key;

const signed = (id: string, family = 'webhook') => ({
  [`${family}-id`]: id,
  [`${family}-timestamp`]: '1800000000',
  [`${family}-signature`]: 'v1,x',
});

it('tells signed Recall deliveries apart by their message id alone', () => {
  expect(recallKey('same', signed('msg_1'))).not.toBe(recallKey('same', signed('msg_2')));
  expect(recallKey('same', signed('msg_1'))).toBe(recallKey('other', signed('msg_1', 'svix')));
});

it('tells Recall deliveries that carry only a token apart by their body', () => {
  expect(recallKey('a')).toBe(recallKey('a'));
  expect(recallKey('a')).not.toBe(recallKey('b'));
});

it('never takes a message id for a body, whatever the id says', () => {
  const key = recallKey('a');
  expect(recallKey('b', signed(key))).not.toBe(key);
  expect(recallKey('b', signed(key.replace('body:', '')))).not.toBe(key);
});

it('tells RealtimeKit deliveries apart by their body, because their id is not signed', () => {
  expect(realtimekitKey('meeting.started', 'a', 'uuid-1')).toBe(realtimekitKey('meeting.started', 'a', 'uuid-2'));
  expect(realtimekitKey('meeting.started', 'a', 'uuid-1')).not.toBe(realtimekitKey('meeting.started', 'b', 'uuid-1'));
});

it('tells livestream updates apart by body and delivery id, because their bodies repeat', () => {
  const key = (body: string, uuid: string) => realtimekitKey('livestreaming.statusUpdate', body, uuid);
  expect(key('a', 'uuid-1')).toBe(key('a', 'uuid-1'));
  expect(key('a', 'uuid-1')).not.toBe(key('a', 'uuid-2'));
  expect(key('a', 'uuid-1')).not.toBe(key('b', 'uuid-1'));
});

it('tells repeats of a recording apart by delivery id where the sender is proved, because their bodies repeat', () => {
  const key = (status: string, uuid: string, verified?: Partial<Verified>) =>
    realtimekitKey('recording.statusUpdate', status, uuid, verified);
  for (const status of ['RECORDING', 'PAUSED']) {
    expect(key(status, 'uuid-1', { isOurs: true })).toBe(key(status, 'uuid-1', { isOurs: true }));
    expect(key(status, 'uuid-1', { isOurs: true })).not.toBe(key(status, 'uuid-2', { isOurs: true }));
    expect(key(status, 'uuid-1')).toBe(key(status, 'uuid-2'));
  }
  // What comes once in the life of a recording is the same whatever the id says.
  for (const status of ['INVOKED', 'UPLOADING', 'UPLOADED', 'ERRORED']) {
    expect(key(status, 'uuid-1', { isOurs: true })).toBe(key(status, 'uuid-2'));
  }
  const started = (uuid: string, verified?: Partial<Verified>) =>
    realtimekitKey('meeting.started', 'a', uuid, verified);
  expect(started('uuid-1', { isOurs: true })).toBe(started('uuid-2'));
});

it('reads the delivery id under its former name, and one that came twice as one', () => {
  const idOf = (headers: Record<string, string | string[]>) =>
    RUNTIMES.realtimekit.identify(
      delivery({ headers }),
      { body: {}, event: 'meeting.started' },
      verifiedBy('signature'),
    ).deliveryId;
  expect(idOf({ 'dyte-uuid': 'one' })).toBe('one');
  expect(idOf({ 'rtk-uuid': ['one', 'one'] })).toBe('one');
  expect(idOf({ 'rtk-uuid': 'one, one' })).toBe('one');
  expect(idOf({ 'rtk-uuid': '' })).toBeUndefined();
});

it('keeps the ids that RealtimeKit deliveries without a token have always had', () => {
  // Written out: SHA-256 of "realtimekit:body:<SHA-256 of the body>", and of a livestream update with its delivery id.
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const idOf = (event: string) => eventIdOf('realtimekit', realtimekitKey(event, 'RECORDING', 'uuid-1'));
  const body = `realtimekit:body:${sha256('RECORDING')}`;
  expect(idOf('meeting.started')).toBe(sha256(body).slice(0, 32));
  expect(idOf('recording.statusUpdate')).toBe(sha256(body).slice(0, 32));
  expect(idOf('livestreaming.statusUpdate')).toBe(sha256(`${body}:uuid-1`).slice(0, 32));
});

it('takes what was set aside for another than the same delivery once it is proved', () => {
  expect(onceKeyOf({ eventId: 'e' })).toBe('e');
  expect(onceKeyOf({ eventId: 'e', unrecognized: 'not_json' })).toBe('e');
  expect(onceKeyOf({ eventId: 'e', unrecognized: 'sender_not_proved' })).not.toBe('e');
});

it('makes stable event ids that differ between providers', () => {
  // Written out, because events of an older version must keep their ids: SHA-256 of "recall:id:msg_1".
  expect(eventIdOf('recall', 'id:msg_1')).toBe('506d4ab79c5867177324515d1f218ce2');
  expect(eventIdOf('recall', 'body:x')).not.toBe(eventIdOf('realtimekit', 'body:x'));
});
