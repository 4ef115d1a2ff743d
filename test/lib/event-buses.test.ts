/** The buses, the rule between them, and who may use them, as the template declares it. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthTemplate } from '../support/template';

let template: Template;
beforeAll(() => {
  template = synthTemplate();
});

const SOURCES = ['meetbus.recall', 'meetbus.realtimekit'];

/** Actions with which a team makes rules of its own on a bus. */
const RULE_ACTIONS = [
  'events:DeleteRule',
  'events:DescribeRule',
  'events:DisableRule',
  'events:EnableRule',
  'events:ListTagsForResource',
  'events:ListTargetsByRule',
  'events:PutRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:TagResource',
  'events:UntagResource',
];

it('names the buses and the API for others', () => {
  template.hasOutput('ApiUrl', { Value: { 'Fn::Join': ['', Match.arrayWith(['.execute-api.'])] } });
  const names = resourcesOf(template, 'AWS::Events::EventBus').map(([id, { Properties }]) => [Properties.Name, id]);
  const idOf = Object.fromEntries(names);
  expect(Object.keys(idOf).sort()).toEqual(['Meetbus-intake', 'Meetbus-shared']);
  template.hasOutput('IntakeBusName', { Value: { Ref: idOf['Meetbus-intake'] } });
  template.hasOutput('SharedBusName', { Value: { Ref: idOf['Meetbus-shared'] } });
});

it('brings everything that is recognized, and nothing else, to the shared bus', () => {
  const [rule] = resourcesOf(template, 'AWS::Events::Rule').filter(([id]) => id.includes('Republish'));
  const { EventPattern, State, Targets } = rule![1].Properties as {
    EventPattern: object;
    State: string;
    Targets: object[];
  };
  expect(State).toBe('ENABLED');
  expect(EventPattern).toEqual({ source: SOURCES, 'detail-type': [{ 'anything-but': ['event.unrecognized'] }] });
  expect(Targets).toEqual([
    expect.objectContaining({
      Arn: { 'Fn::GetAtt': [expect.stringContaining('SharedBus'), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('DeadLetterQueue'), 'Arn'] } },
    }),
  ]);
});

it('keeps the events of both buses for as long as is configured', () => {
  const archives = resourcesOf(synthTemplate({ archiveDays: 400 }), 'AWS::Events::Archive');
  expect(archives).toHaveLength(2);
  for (const [, { Properties, DeletionPolicy }] of archives) {
    expect({ DeletionPolicy, RetentionDays: Properties.RetentionDays }).toEqual({
      DeletionPolicy: 'Retain',
      RetentionDays: 400,
    });
  }
});

it('writes no data of events into the log, only what finds them again', () => {
  const [rule] = resourcesOf(template, 'AWS::Events::Rule').filter(([id]) => id.includes('LogRule'));
  const [target] = rule![1].Properties.Targets as { InputTransformer: { InputPathsMap: Record<string, string> } }[];
  const paths = Object.values(target!.InputTransformer.InputPathsMap);
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => path.startsWith('$.detail.data') || path === '$.detail')).toEqual([]);
});

it('is closed to other accounts unless they are named', () => {
  template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
});

describe('a subscriber', () => {
  const statementFor = (sharedBus: object): Record<string, unknown>[] =>
    resourcesOf(synthTemplate({ sharedBus }), 'AWS::Events::EventBusPolicy').map(([, { Properties }]) => {
      expect(JSON.stringify(Properties.EventBusName)).toContain('SharedBus');
      return Properties.Statement as Record<string, unknown>;
    });

  const expectOnlyRules = (statement: Record<string, unknown>) => {
    expect([...(statement.Action as string[])].sort()).toEqual(RULE_ACTIONS);
    expect(statement.Effect).toBe('Allow');
    expect(JSON.stringify(statement.Resource)).toMatch(/:rule\/.*\/\*"/);
    expect(statement.Condition).toMatchObject({
      StringEqualsIfExists: { 'events:creatorAccount': expect.stringContaining('aws:PrincipalAccount') },
    });
  };

  it('account may make rules, and change its own only', () => {
    const [statement, ...others] = statementFor({ accounts: ['111111111111', '222222222222'] });
    expect(others).toEqual([]);
    expectOnlyRules(statement!);
    const principals = JSON.stringify(statement!.Principal);
    for (const account of ['111111111111', '222222222222']) expect(principals).toContain(`:iam::${account}:root`);
  });

  it('organization may make rules, and nobody outside of it', () => {
    const [statement, ...others] = statementFor({ organizationId: 'o-a1b2c3d4e5' });
    expect(others).toEqual([]);
    expectOnlyRules(statement!);
    expect(statement!.Condition).toMatchObject({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } });
  });

  it('accounts and organization may stand side by side', () => {
    expect(statementFor({ accounts: ['111111111111'], organizationId: 'o-a1b2c3d4e5' })).toHaveLength(2);
  });
});
