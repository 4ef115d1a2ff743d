/** What `meetbus backfill` prints of a result. */
import { reportBackfill } from '../../../../bin/commands/backfill/report';
import type { BackfillResult } from '../../../../bin/commands/backfill/run';

const context = {
  provider: { name: 'galaxy', title: 'Galaxy' },
  source: { lost: ['what was said'] },
  window: { from: 0, to: 1_000 },
  isDryRun: true,
} as unknown as Parameters<typeof reportBackfill>[1];

/** The lines that are printed. */
function printed(result: Partial<BackfillResult>, flags = {}, changes = {}): string[] {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  const whole = { items: [], gaps: [], requests: 1, correlationId: 'c', isWhole: true, ...result };
  try {
    reportBackfill(whole, { ...context, ...changes }, flags);
    return log.mock.calls.flat().map(String);
  } finally {
    log.mockRestore();
  }
}
afterEach(() => {
  process.exitCode = undefined;
});

it('names ten gaps, counts the others, and has all of them in JSON', () => {
  const gaps = Array.from({ length: 200 }, (_, index) => ({
    gap: `participants of the session s${index}: not read`,
    count: 1,
    isIncomplete: true as const,
  }));
  const lines = printed({ gaps }).filter((line) => line.includes('s'));
  expect(lines.filter((line) => line.startsWith('participants'))).toHaveLength(10);
  expect(lines).toContainEqual('… and 190 more like these. All of them: --json.');
  expect(process.exitCode).toBe(1);
  expect(JSON.parse(printed({ gaps }, { json: true }).join('')).gaps).toHaveLength(200);
});

it.each([true, false])('says that nothing is missing, in a dry run: %s', (isDryRun) => {
  const items = [{ subject: 'bot/b', state: 'known' }] as unknown as BackfillResult['items'];
  const [first] = printed({ items }, {}, { isDryRun });
  expect(first).toContain('nothing is missing: Meetbus knows all 1 events that Galaxy reports (1 requests)');
});

it('names every gap where there are few', () => {
  const lines = printed({ gaps: [{ gap: 'bots without their statuses', count: 3 }] });
  expect(lines).toContain('bots without their statuses (3)');
  expect(lines.join('')).not.toContain('more like these');
  expect(process.exitCode).toBeUndefined();
});
