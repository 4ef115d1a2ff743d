/** Payloads of Acme Rooms as meeting events: one rule for each event. */
import {
  compact,
  id,
  type Mismatch,
  type Normalized,
  object,
  type Rule,
  rule,
  text,
  time,
} from 'meetbus/provider/normalize';

const room = object({ id, name: text });

const RULES: Readonly<Record<string, Rule>> = {
  'room.opened': rule(object({ room, at: time }), ({ room: { id: roomId, name }, at }) => ({
    type: 'meeting.started',
    subject: `meeting/${roomId}`,
    time: at,
    data: { meeting: compact({ id: roomId, title: name, startedat: at }) },
  })),
  'whiteboard.exported': rule(object({ whiteboard: object({ id }), at: time }), ({ whiteboard, at }) => ({
    type: 'media.ready',
    subject: `media/${whiteboard.id}`,
    time: at,
    data: { media: { id: whiteboard.id, kind: 'whiteboard' }, status: { code: 'exported' } },
  })),
};

/** The meeting event in a body of Acme; undefined for an event name that is not known. */
export const normalize = (body: unknown, event: string): Normalized | Mismatch | undefined =>
  Object.hasOwn(RULES, event) ? RULES[event]?.(body, event) : undefined;
