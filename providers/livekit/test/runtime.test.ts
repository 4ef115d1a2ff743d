/** Which deliveries of LiveKit are the same, and which belong together. */
import { createHash } from 'node:crypto';
import { delivery } from '../../../test/support/deliveries';
import { readBody } from '../../kit/body';
import { verifiedBy } from '../../runtime';
import { runtime } from '../runtime';
import { LEEWAY_SECONDS } from '../verify';

const identityOf = (body: string) =>
  runtime.identify(delivery({ body }), readBody(Buffer.from(body), runtime), verifiedBy('jwt'));

it('an event is known by its id, whatever else its body says', () => {
  const expected = { deliveryId: 'EV_1', key: 'id:EV_1' };
  expect(identityOf('{"event":"room_started","id":"EV_1"}')).toEqual(expected);
  expect(identityOf('{"event":"room_started","id":"EV_1","numDropped":2}')).toEqual(expected);
});

it.each(['{"event":"room_started"}', '{"event":"room_started","id":""}', '{"id":7}', 'not JSON', ''])(
  'a body without an id is known by its bytes: %j',
  (body) => {
    const digest = createHash('sha256').update(body).digest('hex');
    expect(identityOf(body)).toEqual({ deliveryId: undefined, key: `body:${digest}` });
  },
);

it.each<[unknown, string | undefined]>([
  [{ room: { name: 'planning', sid: 'RM_1' } }, 'planning'],
  [{ room: { name: 'planning' }, egressInfo: { roomName: 'other', egressId: 'EG_1' } }, 'planning'],
  [{ room: {}, egressInfo: { roomName: 'planning', egressId: 'EG_1' } }, 'planning'],
  [{ egress_info: { room_name: 'planning', egress_id: 'EG_1' } }, 'planning'],
  [{ room: {}, egressInfo: { roomName: '', egressId: 'EG_1' } }, 'EG_1'],
  [{ ingressInfo: { roomName: 'planning' } }, 'planning'],
  [{ ingressInfo: { ingressId: 'IN_1' } }, 'IN_1'],
  [{ job: { id: 'AJ_1', room: { name: 'planning' } } }, 'planning'],
  [{ job: { id: 'AJ_1' } }, 'AJ_1'],
  [{ room: { name: 7 } }, undefined],
  [{}, undefined],
  [null, undefined],
])('%j waits in the queue of %s', (body, group) => {
  expect(runtime.groupOf(body)).toBe(group);
});

it('remembers an event for longer than its token is accepted', () => {
  // A token of five minutes, which may be ahead of our clock by the leeway, and late by it.
  expect(runtime.rememberSeconds).toBeGreaterThan(5 * 60 + 2 * LEEWAY_SECONDS);
});
