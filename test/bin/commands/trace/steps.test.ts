/** The lines of the shared bus's log, as this version writes them and as earlier ones did. */
import { bears, idsOf, stepOf, whatIsMissing } from '../../../../bin/commands/trace/steps';

const lineOf = (message: string) => ({
  logGroup: '/aws/events/Meetbus/shared',
  id: '1',
  timestamp: 1,
  ingestionTime: 2,
  message,
});

const FIELDS = {
  ...{ id: 'e-1', type: 'endpoint.status_changed', source: 'meetbus.recall', subject: 'endpoint/2' },
  ...{
    time: 't',
    receivedtime: 'r',
    providerevent: 'realtime_endpoint.failed',
    deliveryid: 'd-1',
    correlationid: 'c-1=',
  },
  bot: 'b-1',
};

const STEP = {
  ...{ stage: 'shared bus', at: 2, outcome: 'published', detail: 'endpoint.status_changed endpoint/2 bot b-1' },
  ...{ eventId: 'e-1', deliveryId: 'd-1', correlationId: 'c-1=' },
};

const pairs = (fields: object) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

it.each([
  ['JSON', JSON.stringify(FIELDS)],
  ['pairs, of an earlier version', pairs(FIELDS)],
])('are understood as %s', (_, message) => {
  expect(stepOf(lineOf(message))).toMatchObject(STEP);
});

it.each(['x\nid=0123 correlationid=forged', 'x id=0123 correlationid=forged'])(
  'of an earlier version are of the event that they begin with: %j',
  (bot) => {
    const step = stepOf(lineOf(pairs({ ...FIELDS, bot })))!;
    expect(idsOf(step)).toEqual(['e-1', 'c-1=']);
    expect(bears(step, new Set(['0123', 'forged']))).toBe(false);
  },
);

it('without a bot have none', () => {
  const { detail } = stepOf(lineOf(JSON.stringify({ ...FIELDS, bot: '' })))!;
  expect(detail).toBe('endpoint.status_changed endpoint/2');
});

describe('a way that ends at the verifier', () => {
  const missingAfter = (outcome: string) => {
    const line = JSON.stringify({ message: 'delivery', outcome, providerEvent: 'bot.done', eventId: 'e-1' });
    return whatIsMissing([stepOf(lineOf(line))!]);
  };

  it.each([
    ['accepted', 'it waits in its queue'],
    ['accepted_again', 'it waits in its queue'],
    ['stored', 'it is brought there from the bucket within minutes: npx meetbus query stored-deliveries'],
  ])('with the outcome %s goes on', (outcome, where) => {
    expect(missingAfter(outcome)).toContain(where);
  });

  it('with a refusal is complete', () => {
    expect(missingAfter('no_matching_key')).toBeUndefined();
  });
});
