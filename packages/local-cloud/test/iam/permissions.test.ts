import { Permissions } from '../../src/iam/permissions';
import { Buckets } from '../../src/s3/s3-service';
import { SecretStore } from '../../src/secrets-manager/secret-store';
import { Queues } from '../../src/sqs/queues';
import { type Assembly, writeAssembly } from '../template/fixture';
import { role } from './fixture';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:inbox';
const CALL = { accessKeyId: 'worker', signal: new AbortController().signal };

let assembly: Assembly | undefined;

afterEach(() => {
  assembly?.remove();
  assembly = undefined;
});

/** The permissions of a function `worker` whose role has these properties, and of these resources beside it. */
function permissionsOf(roleProperties: object, more: object = {}, service = 'lambda.amazonaws.com'): Permissions {
  const worker = {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 'worker', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['WorkerRole', 'Arn'] } },
  };
  const WorkerRole = role(service, { RoleName: 'worker-role', ...roleProperties });
  assembly = writeAssembly({ Resources: { Worker: worker, WorkerRole, ...more } });
  const stores = { queues: new Queues(), secrets: new SecretStore(), buckets: new Buckets() };
  return new Permissions(assembly.resolve(), stores);
}

const policies = (...Statement: object[]) => ({ Policies: [{ PolicyName: 'p', PolicyDocument: { Statement } }] });
const allow = (Action: string | string[], Resource: string | string[] = QUEUE) => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const send = (permissions: Permissions, queue = 'inbox') =>
  permissions.authorizeCall(
    {
      service: { targetPrefix: 'AmazonSQS', operations: {} },
      operation: 'SendMessage',
      input: { QueueUrl: `http://127.0.0.1:4566/000000000000/${queue}` },
    },
    CALL,
  );

describe('the report', () => {
  it('counts the use of each action on each resource', () => {
    const permissions = permissionsOf(
      policies(allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], [QUEUE, `${QUEUE}-2`]), allow('sqs:Send*', '*')),
    );
    for (const queue of ['inbox', 'inbox', 'inbox-2', 'inbox-3']) send(permissions, queue);
    expect(permissions.report()).toEqual({
      'worker-role': [
        { action: 'sqs:SendMessage', resource: QUEUE, used: 2 },
        { action: 'sqs:SendMessage', resource: `${QUEUE}-2`, used: 1 },
        { action: 'sqs:GetQueueUrl', resource: QUEUE, used: 0 },
        { action: 'sqs:GetQueueUrl', resource: `${QUEUE}-2`, used: 0 },
        { action: 'sqs:Send*', resource: '*', used: 4 },
      ],
    });
  });

  it('counts nothing that is denied, and names no denial as a grant', () => {
    const permissions = permissionsOf(policies(allow('sqs:*', '*'), { ...allow('sqs:SendMessage'), Effect: 'Deny' }));
    expect(() => send(permissions)).toThrow('with an explicit deny');
    expect(permissions.report()).toEqual({ 'worker-role': [{ action: 'sqs:*', resource: '*', used: 0 }] });
  });

  it('spells a grant of all but some', () => {
    const permissions = permissionsOf(
      policies({ Effect: 'Allow', NotAction: ['s3:*', 'iam:*'], NotResource: `${QUEUE}-2` }),
    );
    send(permissions);
    expect(permissions.report()).toEqual({
      'worker-role': [{ action: 'NotAction s3:*, iam:*', resource: `NotResource ${QUEUE}-2`, used: 1 }],
    });
  });

  it('has what a service may do, with its condition', () => {
    const permission = (Action: string, SourceArn: string) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: { Action, FunctionName: { Ref: 'Worker' }, Principal: 'apigateway.amazonaws.com', SourceArn },
    });
    const method = (name: string) => `arn:aws:execute-api:us-east-1:000000000000:api/v1/POST/${name}`;
    const permissions = permissionsOf(
      {},
      {
        Exact: permission('lambda:InvokeFunction', method('calls')),
        AnyStage: permission('lambda:InvokeFunction', 'arn:aws:execute-api:us-east-1:000000000000:api/*/POST/calls/*'),
      },
    );
    permissions.authorizeInvoke('worker', 'api/v1/POST/calls');
    permissions.authorizeInvoke('worker', 'api/v1/POST/calls/{id}');
    expect(() => permissions.authorizeInvoke('worker', 'api/v1/GET/calls')).toThrow('not authorized');
    const grants = permissions.report()['Service:apigateway.amazonaws.com'];
    expect(grants?.map(({ condition, used }) => [condition, used])).toEqual([
      [JSON.stringify({ ArnLike: { 'aws:SourceArn': method('calls') } }), 1],
      [expect.stringContaining('/*/POST/calls/*'), 1],
    ]);
  });
});

describe('an event source mapping', () => {
  const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

  it('takes a role that may poll', () => {
    const permissions = permissionsOf(policies(allow(POLLING)));
    permissions.authorizePolling('worker', QUEUE);
    expect(permissions.report()['worker-role']?.map(({ used }) => used)).toEqual([1, 1, 1]);
  });

  it.each(POLLING)('fails without %s', (missing) => {
    const permissions = permissionsOf(policies(allow(POLLING.filter((action) => action !== missing))));
    expect(() => permissions.authorizePolling('worker', QUEUE)).toThrow(`Grant it ${missing}.`);
  });
});

it('knows who may put events on a bus by the policy of the bus', () => {
  const busPolicy = (principal: object) => ({
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'calls' } },
    BusPolicy: {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        StatementId: 'put',
        Statement: {
          ...allow('events:PutEvents', 'arn:aws:events:us-east-1:000000000000:event-bus/calls'),
          Principal: principal,
        },
      },
    },
  });
  const put = (permissions: Permissions) =>
    permissions.authorizeCall(
      {
        service: { targetPrefix: 'AWSEvents', operations: {} },
        operation: 'PutEvents',
        input: { Entries: [{ EventBusName: 'calls' }] },
      },
      CALL,
    );
  expect(() => put(permissionsOf({}, busPolicy({ AWS: 'arn:aws:iam::111111111111:root' })))).toThrow('not authorized');
  assembly?.remove();
  expect(() => put(permissionsOf({}, busPolicy({ AWS: 'arn:aws:iam::000000000000:role/worker-role' })))).not.toThrow();
});

it.each([
  [{}, {}, 'events.amazonaws.com', 'Worker: The role worker-role cannot be assumed by lambda.amazonaws.com'],
  [
    {},
    { Worker: { Type: 'AWS::Lambda::Function', Properties: { Role: 'arn:aws:iam::1:role/x' } } },
    'lambda.amazonaws.com',
    'Worker: The role arn:aws:iam::1:role/x is not part of the stack',
  ],
  [
    { PermissionsBoundary: 'arn:aws:iam::1:policy/x' },
    {},
    'lambda.amazonaws.com',
    'WorkerRole: the local cloud does not know permissions boundaries',
  ],
  [
    { ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] },
    {},
    'lambda.amazonaws.com',
    'does not know what arn:aws:iam::aws:policy/PowerUserAccess allows',
  ],
  [
    { Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow' } } }] },
    {},
    'lambda.amazonaws.com',
    'WorkerRole: a statement needs',
  ],
])('a template that it cannot enforce fails: %#', (roleProperties, more, service, message) => {
  expect(() => permissionsOf(roleProperties, more, service)).toThrow(message);
});
