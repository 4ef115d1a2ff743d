/** A sitting in Zoom's words, and in those of the contract. */

/** When everything here happens, as Zoom and as the contract have it. */
export const EVENT_TS = 1_770_111_725_917;
export const TIME = '2026-02-03T09:42:05.917Z';

/** A sitting in Zoom's words; its uuid begins with a slash. */
export const SITTING = {
  id: '85746065432',
  uuid: '/jg3kd8//Hn2mB0pLq5rTw==',
  host_id: 'uLoRgfbbTayCX6r2Q_qQsQ',
  topic: 'Weekly review',
  type: 8,
  start_time: '2026-02-03T09:30:00Z',
  timezone: 'Europe/Berlin',
  duration: 45,
};

export const MEETING = {
  id: '85746065432',
  sessionid: '/jg3kd8//Hn2mB0pLq5rTw==',
  title: 'Weekly review',
  startedat: '2026-02-03T09:30:00.000Z',
  hostid: 'uLoRgfbbTayCX6r2Q_qQsQ',
  organization: { id: 'EPeQtiABC000VYxHMA' },
};

export const payload = (object: object) => ({ account_id: 'EPeQtiABC000VYxHMA', object });

/** A body, and the event that it becomes. */
export type Row = readonly [event: string, sent: object, type: string, subject: string, data: object];
