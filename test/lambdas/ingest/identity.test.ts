import { eventIdOf } from '../../../lambdas/ingest/identity';
import { realtimekitIntake } from '../../../lambdas/providers/realtimekit/intake';
import { recallIntake } from '../../../lambdas/providers/recall/intake';
import { delivery } from '../../support/deliveries';

const recallKey = (body: string, headers: Record<string, string> = {}) =>
  recallIntake.identify(
    delivery({ body, headers }),
    { body: {}, event: 'calendar.update' },
    'webhook-id' in headers || 'svix-id' in headers ? 'signature' : 'token',
  ).key;

const realtimekitKey = (event: string, body: string, uuid: string) =>
  realtimekitIntake.identify(delivery({ body, headers: { 'rtk-uuid': uuid } }), { body: {}, event }, 'signature').key;

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

it('makes stable event ids that differ between providers', () => {
  // Written out, because events of an older version must keep their ids: SHA-256 of "recall:id:msg_1".
  expect(eventIdOf('recall', 'id:msg_1')).toBe('506d4ab79c5867177324515d1f218ce2');
  expect(eventIdOf('recall', 'body:x')).not.toBe(eventIdOf('realtimekit', 'body:x'));
});
