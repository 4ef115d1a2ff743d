import { UNRECOGNIZED_REASONS } from '@meetbus/events';
import { remedyOfReason } from '../../../bin/commands/events/reasons';
import { reasonsOf } from '../../../bin/console/routes/refused';
import { readRunbook, sectionOf } from '../../../bin/console/runbook';

it('events are counted by reason, each with its names, its newest time and its remedy', () => {
  const row = (reason: string, providerEvent: string, events: string, latest: string) => ({
    ...(reason && { reason }),
    ...{ providerEvent, events, latest },
  });
  const rows = [
    row('unknown_event_name', 'bot.new', '2', '2026-01-01T00:00:00.000Z'),
    row('signature_required', 'bot.done', '4', '2026-01-02T00:00:00.000Z'),
    row('unknown_event_name', 'bot.newer', '1', '2026-01-03T00:00:00.000Z'),
    row('', '', '1', '2026-01-01T00:00:00.000Z'),
  ];
  expect(reasonsOf(rows)).toMatchObject([
    { reason: 'signature_required', count: 4, canReprocess: false },
    {
      reason: 'unknown_event_name',
      count: 3,
      latest: '2026-01-03T00:00:00.000Z',
      names: [
        { name: 'bot.new', count: 2 },
        { name: 'bot.newer', count: 1 },
      ],
      canReprocess: true,
    },
    { reason: '', count: 1, canReprocess: false },
  ]);
});

it('a credential in the name of an event is masked', () => {
  const rows = [{ reason: 'unknown_event_name', providerEvent: 'token=sekret', events: '1', latest: '' }];
  expect(reasonsOf(rows)[0]?.names).toEqual([{ name: 'token=(masked)', count: 1 }]);
});

it.each([...UNRECOGNIZED_REASONS, 'sender_not_named', 'of an older version'])(
  'the remedy of %s ends with a section of the runbook',
  (reason) => {
    const anchor = /docs\/runbook\.md#([\w-]+)\.$/.exec(remedyOfReason(reason))?.[1];
    expect(sectionOf(readRunbook(), anchor ?? '')).toBeDefined();
  },
);
