/** What the mail of an alarm says: nothing that its provider does not do, and where to read on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { MeetbusSettings } from '../../lib/configuration';
import { MeetbusStack } from '../../lib/meetbus-stack';
import { BUILT_IN } from '../../providers';
import { PROJECT_ROOT } from '../support/project';
import { newTestApp, resourcesOf } from '../support/template';

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
}

const stackWith = (settings: MeetbusSettings) => new MeetbusStack(newTestApp(), 'Meetbus', { settings });

const alarmsOf = (stack: MeetbusStack): Alarm[] =>
  ['Alarm', 'CompositeAlarm'].flatMap((type) =>
    resourcesOf(Template.fromStack(stack), `AWS::CloudWatch::${type}`).map(
      ([, { Properties }]) => Properties as unknown as Alarm,
    ),
  );

describe('the link to the runbook', () => {
  const runbookUrl = 'https://wiki.example.com/meetbus/runbook';
  const warnings = (stack: MeetbusStack) =>
    Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('runbookUrl'));

  it('is a whole address in every alarm where one is set, to the section', () => {
    const stack = stackWith({ alarms: { email: 'on-call@example.com', runbookUrl } });
    const runbook = readFileSync(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');
    const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const linked = alarmsOf(stack);
    expect(linked).toHaveLength(alarmsOf(stackWith({})).length);
    for (const { AlarmDescription } of linked) {
      const [, url, anchor] = /Runbook: (\S+)#(\S+)$/.exec(AlarmDescription) ?? [];
      expect(url).toBe(runbookUrl);
      expect(anchors).toContain(anchor);
    }
    expect(warnings(stack)).toEqual([]);
  });

  it('is asked for where mails would have none, and nobody is warned without mails', () => {
    expect(warnings(stackWith({ alarms: { email: 'on-call@example.com' } }))).toHaveLength(1);
    expect(warnings(stackWith({}))).toEqual([]);
  });

  it.each(['docs/runbook.md', '#anchor', 'ftp://example.com/runbook'])('is refused as %s', (url) => {
    expect(() => stackWith({ alarms: { runbookUrl: url } })).toThrow(/alarms\.runbookUrl: must be a whole address/);
  });
});

it('says that a delivery is lost only of a refusal, after which its provider sends it no more', () => {
  const providers = Object.values(BUILT_IN).map((factory) => factory());
  const alarms = alarmsOf(stackWith({ providers }));
  const isLost = (text = '') => /\blost\b/.test(text.replace('Nothing is lost', ''));
  const lost = alarms.filter(({ AlarmDescription }) => isLost(AlarmDescription)).map(({ AlarmName }) => AlarmName);
  const losing = providers.filter(({ afterRefusal }) => isLost(afterRefusal));
  expect(losing).not.toEqual([]);
  const expected = losing.flatMap(({ name }) => [`Meetbus-only-refused-${name}`, `Meetbus-refused-${name}`]);
  expect(lost.sort()).toEqual(expected.sort());
});
