import { findingsIn, pendingIn } from '../../../bin/console/page/health/findings-order';
import { alarmOf } from '../../../bin/console/routes/health';
import { ok, problem, warning } from '../../../bin/findings';

const FOUND = { name: 'Meetbus-silence', state: 'ALARM' as const, since: new Date(0), reason: 'No data.' };

describe('an alarm', () => {
  it('says how urgent it is, what it means, and where the runbook says more', () => {
    const description = '[page] Nothing comes. No data counts as breaching. Runbook: docs/runbook.md, "Gateway 5xx"';
    expect(alarmOf({ ...FOUND, description })).toEqual({
      name: 'Meetbus-silence',
      state: 'ALARM',
      since: '1970-01-01T00:00:00.000Z',
      reason: 'No data.',
      meaning: 'Nothing comes. No data counts as breaching.',
      severity: 'page',
      section: 'gateway-5xx',
    });
  });

  it('has the same section where the setting runbookUrl names another place', () => {
    const description = '[ticket] It is late. Runbook: https://wiki.example.com/runbook#oldest-message';
    expect(alarmOf({ ...FOUND, description })).toMatchObject({ severity: 'ticket', section: 'oldest-message' });
  });

  it('of another form is shown as it is', () => {
    const alarm = alarmOf({ ...FOUND, since: undefined, description: 'See docs/runbook.md.' });
    expect(alarm).toMatchObject({ meaning: 'See docs/runbook.md.', severity: '' });
    expect(alarm).not.toHaveProperty('section');
    expect(alarm).not.toHaveProperty('since');
  });
});

it('findings come in any order, and are shown by what matters, then in the order of the checks', () => {
  const [fine, late, full] = [ok('a', '1'), warning('b', '2', 'x'), problem('c', '3', 'y')];
  const values = [
    { checks: ['one', 'two', 'three', 'four'] },
    { check: 'three', findings: [full] as never },
    { check: 'two', findings: [fine, late] as never },
  ];
  expect(findingsIn(values)).toEqual([full, late, fine]);
  expect(pendingIn(values)).toEqual(['one', 'four']);
});
