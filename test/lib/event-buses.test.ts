/** The buses, the rule between them, and who may use them, as the template declares it. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { defaultTemplate, resourcesOf } from '../support/template';

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
});

const SOURCES = ['meetbus.recall', 'meetbus.realtimekit'];

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
  const source = [...SOURCES, 'meetbus-probe'];
  expect(EventPattern).toEqual({ source, 'detail-type': [{ 'anything-but': ['event.unrecognized'] }] });
  expect(Targets).toEqual([
    expect.objectContaining({
      Arn: { 'Fn::GetAtt': [expect.stringContaining('SharedBus'), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('DeadLetterQueue'), 'Arn'] } },
    }),
  ]);
});

it('writes nothing of the data of events into the log, only what finds them again', () => {
  const [rule] = resourcesOf(template, 'AWS::Events::Rule').filter(([id]) => id.includes('LogRule'));
  const [target] = rule![1].Properties.Targets as { InputTransformer: { InputPathsMap: Record<string, string> } }[];
  const paths = Object.values(target!.InputTransformer.InputPathsMap);
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => path.startsWith('$.detail.data') || path === '$.detail')).toEqual([]);
});

it.each([
  ['AWS::Events::EventBus', 'Name', 2],
  ['AWS::Events::Archive', 'SourceArn', 2],
  ['AWS::Logs::LogGroup', 'LogGroupName', 1],
])('keeps each named %s, unless it was just made: its name would fail the next try', (type, property, count) => {
  const named = resourcesOf(template, type).filter(([, { Properties }]) => property in Properties);
  expect(named.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(Array(count).fill('RetainExceptOnCreate'));
});

it('is closed to other accounts', () => {
  const policies = Object.values(template.findResources('AWS::Events::EventBusPolicy'));
  expect(policies.map(({ Properties }) => Properties.Statement.Effect)).toEqual(['Deny', 'Deny']);
});
