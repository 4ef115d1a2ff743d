import { lineOf } from '../../../../bin/commands/tail';
import { widthOf } from '../../../../bin/terminal';

const event = {
  detail: {
    ...{ id: '5c7b0c62f9a54a2d8f1e3b7a90d4c615', time: '2026-03-02T09:30:00.000Z' },
    ...{ type: 'participant.screenshare_stopped', subject: 'participant/16778240-0a51-4a43-9d6b-3f1f6a0f7b11' },
    data: { bot: { id: '6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11' } },
  },
};

it('has one line with all, and on a narrow terminal two, with the whole id of the event', () => {
  expect(lineOf(event, undefined)).not.toContain('\n');
  expect(lineOf(event, undefined)).toContain('2026-03-02T09:30:00.000Z');
  const narrow = lineOf(event, 80);
  expect(narrow.split('\n')).toHaveLength(2);
  expect(widthOf(narrow)).toBeLessThanOrEqual(80);
  expect(narrow).toContain('09:30:00  participant.screenshare_stopped  participant/16778240');
  expect(narrow).toContain('5c7b0c62f9a54a2d8f1e3b7a90d4c615  bot 6f0c1c1e');
});
