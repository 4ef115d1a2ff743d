import { planOf } from '../../../bin/local/meeting';
import { readSandboxes } from '../../../bin/providers';

const now = new Date('2026-03-02T09:30:00.000Z');

it.each([1, 60, Number.POSITIVE_INFINITY])(
  'at speed %d, each delivery is due after the one before, and not before its event',
  async (speed) => {
    const players = await readSandboxes();
    const plan = planOf(players, { seed: 'any', now, speed });
    for (const { provider, sandbox } of players) {
      const own = plan.filter((due) => due.provider === provider);
      const events = sandbox.meeting({ seed: 'any', start: now }).map(({ event }) => event);
      expect(own.map(({ delivery }) => delivery.event)).toEqual(events);
      expect(own[0]!.dueMs).toBe(0);
      for (const { dueMs, delivery } of own) {
        expect(delivery.at.getTime()).toBeLessThanOrEqual(now.getTime() + dueMs + 1);
      }
      // The last one is dated when it is sent.
      const last = own.at(-1)!;
      expect(Math.abs(last.delivery.at.getTime() - (now.getTime() + last.dueMs))).toBeLessThan(2);
    }
    expect(plan.map(({ dueMs }) => dueMs)).toEqual(plan.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b));
  },
);
