// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub spells its variables like this.
import { join } from 'node:path';
import { loadTemplate } from '../../src/template/assembly';
import { type Assembly, invokeUrl, writeAssembly } from './fixture';

const assemblies: Assembly[] = [];
const assembly = (template: object, code?: Record<string, string>) => {
  const written = writeAssembly(template, code);
  assemblies.push(written);
  return written;
};
afterAll(() => {
  for (const written of assemblies) written.remove();
});

/** Resolves one value as a property of a function, in a stack with one resource of each kind. */
function resolveValue(value: unknown, more: object = {}): unknown {
  const template = {
    Parameters: { Word: { Type: 'String', Default: 'hello' }, Needed: { Type: 'String' } },
    Mappings: { Runtimes: { 'us-east-1': { node: 'nodejs24.x' } } },
    Conditions: {
      InVirginia: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      Elsewhere: { 'Fn::Not': [{ Condition: 'InVirginia' }] },
      Either: {
        'Fn::Or': [
          { Condition: 'Elsewhere' },
          { 'Fn::And': [{ Condition: 'InVirginia' }, { Condition: 'InVirginia' }] },
        ],
      },
    },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'calls' } },
      Unnamed: { Type: 'AWS::SQS::Queue' },
      Table: { Type: 'AWS::DynamoDB::GlobalTable' },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shared' } },
      Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'all', EventBusName: { 'Fn::GetAtt': ['Bus', 'Arn'] } } },
      DefaultRule: { Type: 'AWS::Events::Rule', Properties: { Name: 'own' } },
      Archive: { Type: 'AWS::Events::Archive' },
      Worker: {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName: { 'Fn::Sub': '${AWS::StackName}-worker' } },
      },
      Role: { Type: 'AWS::IAM::Role' },
      Logs: { Type: 'AWS::Logs::LogGroup' },
      Api: { Type: 'AWS::ApiGateway::RestApi' },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1' } },
      Topic: { Type: 'AWS::SNS::Topic' },
      Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      Probe: { Type: 'AWS::SQS::Queue', Properties: { Value: value } },
      ...more,
    },
  };
  const stack = assembly(template).resolve();
  return stack.resources.find(({ logicalId }) => logicalId === 'Probe')?.properties.Value;
}

describe('the values of a template', () => {
  it.each([
    ['a reference to a queue, which is its URL', { Ref: 'Queue' }, 'http://127.0.0.1:4566/000000000000/calls'],
    ['an ARN', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:calls'],
    ['an attribute in dotted form', { 'Fn::GetAtt': 'Queue.QueueName' }, 'calls'],
    ['the name of a queue without one', { 'Fn::GetAtt': ['Unnamed', 'QueueName'] }, 'Calls-Unnamed'],
    ['a table', { Ref: 'Table' }, 'Calls-Table'],
    ['a table ARN', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/Calls-Table'],
    ['a bucket in lower case', { Ref: 'Bucket' }, 'calls-bucket'],
    ['a bucket ARN', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::calls-bucket'],
    ['a bus', { Ref: 'Bus' }, 'shared'],
    ['a bus ARN', { 'Fn::GetAtt': ['Bus', 'Arn'] }, 'arn:aws:events:us-east-1:000000000000:event-bus/shared'],
    ['a rule', { Ref: 'Rule' }, 'shared|all'],
    ['a rule ARN', { 'Fn::GetAtt': ['Rule', 'Arn'] }, 'arn:aws:events:us-east-1:000000000000:rule/shared/all'],
    [
      'a rule ARN of the default bus',
      { 'Fn::GetAtt': ['DefaultRule', 'Arn'] },
      'arn:aws:events:us-east-1:000000000000:rule/own',
    ],
    [
      'an archive ARN',
      { 'Fn::GetAtt': ['Archive', 'Arn'] },
      'arn:aws:events:us-east-1:000000000000:archive/Calls-Archive',
    ],
    ['a function', { Ref: 'Worker' }, 'Calls-worker'],
    [
      'a function ARN',
      { 'Fn::GetAtt': ['Worker', 'Arn'] },
      'arn:aws:lambda:us-east-1:000000000000:function:Calls-worker',
    ],
    ['a role ARN', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::000000000000:role/Calls-Role'],
    [
      'a log group ARN',
      { 'Fn::GetAtt': ['Logs', 'Arn'] },
      'arn:aws:logs:us-east-1:000000000000:log-group:Calls-Logs:*',
    ],
    ['a stage', { Ref: 'Stage' }, 'v1'],
    ['a topic, which is its ARN', { Ref: 'Topic' }, 'arn:aws:sns:us-east-1:000000000000:Calls-Topic'],
    ['an alarm ARN', { 'Fn::GetAtt': ['Alarm', 'Arn'] }, 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Calls-Alarm'],
    ['a parameter', { Ref: 'Word' }, 'hello'],
    [
      'region, account and partition',
      { 'Fn::Sub': '${AWS::Region} ${AWS::AccountId} ${AWS::Partition}' },
      'us-east-1 000000000000 aws',
    ],
    ['a stack id', { Ref: 'AWS::StackId' }, 'arn:aws:cloudformation:us-east-1:000000000000:stack/Calls/local'],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'Word' }, 1]] }, 'a-hello-1'],
    ['a substitution', { 'Fn::Sub': '${Queue.QueueName}/${!Literal}' }, 'calls/${Literal}'],
    ['a substitution with a map', { 'Fn::Sub': ['${Word}:${Mine}', { Mine: { Ref: 'Bus' } }] }, 'hello:shared'],
    [
      'a split and a selection',
      { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] },
      'calls',
    ],
    ['a mapping', { 'Fn::FindInMap': ['Runtimes', { Ref: 'AWS::Region' }, 'node'] }, 'nodejs24.x'],
    ['the branch of a true condition', { 'Fn::If': ['Either', 'yes', { Ref: 'Nowhere' }] }, 'yes'],
    ['the branch of a false condition', { 'Fn::If': ['Elsewhere', { Ref: 'Nowhere' }, 'no'] }, 'no'],
    ['no value in an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['no value in a list', ['a', { 'Fn::If': ['Elsewhere', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    [
      'the condition of a policy statement',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
  ])('resolve %s', (_, value, expected) => {
    expect(resolveValue(value)).toEqual(expected);
  });

  it.each([
    [
      'an unknown reference',
      { a: [{ Ref: 'Nowhere' }] },
      /^Probe\.Properties\.Value\.a\.0: there is no resource, .* Nowhere/,
    ],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Queue', 'Colour'] },
      /^Probe\.Properties\.Value: .* no attribute Colour of Queue .*known: Arn, QueueName, QueueUrl/,
    ],
    [
      'an unknown function',
      { 'Fn::ImportValue': 'x' },
      /^Probe\.Properties\.Value: the local cloud does not know Fn::ImportValue/,
    ],
    ['an unknown condition', { 'Fn::If': ['Sunny', 1, 2] }, /^Probe\.Properties\.Value: there is no condition Sunny/],
    [
      'an unknown mapping',
      { 'Fn::FindInMap': ['Runtimes', 'mars', 'node'] },
      /^Probe\.Properties\.Value: mapping Runtimes has no mars\.node/,
    ],
    ['a parameter without a value', { Ref: 'Needed' }, /^Probe\.Properties\.Value: parameter Needed has no default/],
    ['a selection past the end', { 'Fn::Select': [3, ['a']] }, /^Probe\.Properties\.Value: there is no element 3/],
    ['a dynamic reference', '{{resolve:ssm:/x}}', /^Probe\.Properties\.Value: .*\{\{resolve:ssm:\/x\}\}/],
  ])('name the path of %s', (_, value, message) => {
    expect(() => resolveValue(value)).toThrow(message);
  });

  it('name the resource whose name refers to itself', () => {
    const loop = { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['Loop', 'QueueName'] } } };

    expect(() => resolveValue('x', { Loop: loop })).toThrow(/the name of Loop refers to itself/);
  });

  it('keep long generated names within the limit of their type, and apart', () => {
    const long = 'x'.repeat(100);
    const { resources } = assembly({
      Resources: { [`${long}1`]: { Type: 'AWS::SQS::Queue' }, [`${long}2`]: { Type: 'AWS::SQS::Queue' } },
    }).resolve();
    const names = resources.map(({ name }) => name);

    expect(names.map((name) => name.length)).toEqual([80, 80]);
    expect(new Set(names).size).toBe(2);
  });
});

describe('the resources of a template', () => {
  it('run, or are passed over for a reason', () => {
    const stack = assembly({
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue' },
        Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: { Ref: 'NotLookedAt' } } },
      },
    }).resolve();

    expect(stack.resources.map(({ logicalId }) => logicalId)).toEqual(['Queue']);
    expect(stack.passedOver).toEqual([
      { logicalId: 'Machine', type: 'AWS::StepFunctions::StateMachine', reason: expect.stringMatching(/machine/) },
    ]);
  });

  it('are left out when their condition is false', () => {
    const stack = assembly({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
        Cache: { Type: 'AWS::DAX::Cluster', Condition: 'Never' },
      },
    }).resolve();

    expect(stack.resources).toEqual([]);
  });

  it('fail all together when their types are unknown', () => {
    const template = { Resources: { Stream: { Type: 'AWS::Kinesis::Stream' }, Cache: { Type: 'AWS::DAX::Cluster' } } };

    expect(() => assembly(template).resolve()).toThrow(/AWS::Kinesis::Stream \(Stream\), AWS::DAX::Cluster \(Cache\)/);
  });

  it('find their code among the assets', () => {
    const written = assembly(
      {
        Resources: {
          Worker: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'abc.zip' } } },
          Lost: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'gone.zip' } } },
        },
      },
      { abc: '' },
    );
    const stack = written.resolve();
    const [worker, lost] = stack.ofType('AWS::Lambda::Function');

    expect(stack.assetFolder(worker!)).toBe(join(written.folder, 'asset.abc'));
    expect(() => stack.assetFolder(lost!)).toThrow(/^Lost\.Properties\.Code: the assets manifest has no "gone\.zip"/);
  });

  it('keep their ids from run to run', () => {
    const template = { Resources: { Api: { Type: 'AWS::ApiGateway::RestApi' } } };
    const [first] = assembly(template).resolve().resources;
    const [second] = assembly(template).resolve().resources;

    expect(first?.ref).toMatch(/^[0-9a-f]{10}$/);
    expect(second).toEqual(first);
  });
});

describe('the outputs of a template', () => {
  const template = {
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: {
      Api: { Type: 'AWS::ApiGateway::RestApi' },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1' } },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shared' } },
    },
    Outputs: {
      ApiUrl: { Value: invokeUrl('Api', 'Stage') },
      WebhookUrl: { Value: invokeUrl('Api', 'Stage', 'orders/new') },
      OtherApi: { Value: 'https://other.execute-api.us-east-1.amazonaws.com/v1/' },
      BusName: { Value: { Ref: 'Bus' } },
      Hidden: { Value: 'x', Condition: 'Never' },
    },
  };

  it('lead to the local API', () => {
    expect(assembly(template).resolve().resolveOutputs({ apiUrl: 'http://127.0.0.1:3000/' })).toEqual({
      Calls: {
        ApiUrl: 'http://127.0.0.1:3000/',
        WebhookUrl: 'http://127.0.0.1:3000/orders/new',
        OtherApi: 'https://other.execute-api.us-east-1.amazonaws.com/v1/',
        BusName: 'shared',
      },
    });
  });

  it('keep the AWS URL without a local one', () => {
    const { Calls } = assembly(template).resolve().resolveOutputs();

    expect(Calls?.ApiUrl).toMatch(/^https:\/\/[0-9a-f]{10}\.execute-api\.us-east-1\.amazonaws\.com\/v1\/$/);
  });
});

describe('a cloud assembly', () => {
  it('names its stacks when the wanted one is missing', () => {
    const { folder } = assembly({ Resources: {} });

    expect(() => loadTemplate(folder, 'Other')).toThrow(/No template of stack "Other" .* Stacks there: Calls\./);
  });

  it('asks for a synth when there is none', () => {
    expect(() => loadTemplate('/nowhere', 'Calls')).toThrow(/Run `npx cdk synth` first/);
  });
});
