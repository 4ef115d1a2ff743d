import { type AccessRequest, type Decision, evaluate, type Principal } from '../../src/iam/evaluate';
import { readPolicy } from '../../src/iam/policy';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:bots';
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/calls/started';
const ROLE: Principal = {
  type: 'role',
  arn: 'arn:aws:iam::000000000000:role/sender',
  sessionArn: 'arn:aws:sts::000000000000:assumed-role/sender/worker',
};
const EVENTS: Principal = { type: 'service', name: 'events.amazonaws.com' };
const ALLOW = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };
const DENY = { ...ALLOW, Effect: 'Deny' };

/** The decision about `sqs:SendMessage` on the queue. */
function decide(
  { identity = [], resource = [] }: { identity?: object | object[]; resource?: object | object[] },
  more: Partial<AccessRequest> = {},
): Decision {
  const read = (statements: object | object[]) => readPolicy({ Statement: statements }, 'Test');
  const request = { principal: ROLE, action: 'sqs:SendMessage', resource: QUEUE, context: {}, ...more };
  return evaluate({ identity: read(identity), resource: read(resource) }, request);
}

const NO_ALLOW = { allowed: false, because: 'no_allow' };

describe('an identity-based policy', () => {
  it.each([
    ['an action and a resource', ALLOW, true],
    ['one action of a list', { ...ALLOW, Action: ['sqs:GetQueueUrl', 'sqs:Send*'] }, true],
    ['one resource of a list', { ...ALLOW, Resource: ['arn:aws:sqs:us-east-1:000000000000:other', QUEUE] }, true],
    ['everything', { Effect: 'Allow', Action: '*', Resource: '*' }, true],
    ['every action but another', { ...ALLOW, Action: undefined, NotAction: 'sqs:DeleteQueue' }, true],
    ['every action but this', { ...ALLOW, Action: undefined, NotAction: ['s3:*', 'sqs:*'] }, false],
    ['every resource but another', { ...ALLOW, Resource: undefined, NotResource: `${QUEUE}-2` }, true],
    ['every resource but this', { ...ALLOW, Resource: undefined, NotResource: QUEUE }, false],
    ['another action', { ...ALLOW, Action: 'sqs:ReceiveMessage' }, false],
    ['another resource', { ...ALLOW, Resource: `${QUEUE}-2` }, false],
    ['no resource at all', { ...ALLOW, Resource: undefined }, false],
  ])('that allows %s: %#', (_, statement, allowed) => {
    expect(decide({ identity: statement }).allowed).toBe(allowed);
  });

  it('allows nothing by itself', () => {
    expect(decide({})).toEqual(NO_ALLOW);
  });

  it('names the statements that allowed', () => {
    const decision = decide({
      identity: [{ ...ALLOW, Action: 's3:*' }, ALLOW],
      resource: { ...ALLOW, Principal: '*' },
    });
    expect(decision).toMatchObject({
      allowed: true,
      by: [{ actions: { patterns: ['sqs:SendMessage'] } }, { effect: 'Allow' }],
    });
  });
});

it('an explicit deny wins, whichever policy has it', () => {
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const denied = (policy: string) => ({ allowed: false, because: 'explicit_deny', policy });
  expect(decide({ identity: [everything, DENY] })).toEqual(denied('identity'));
  expect(decide({ identity: everything, resource: { ...DENY, Principal: '*' } })).toEqual(denied('resource'));
});

describe('a resource-based policy', () => {
  it.each([
    ['everyone', '*', true],
    ['everyone, spelt as AWS principal', { AWS: '*' }, true],
    ['the role', { AWS: ROLE.arn }, true],
    ['the session', { AWS: ['arn:aws:iam::000000000000:role/other', ROLE.sessionArn] }, true],
    ['another role', { AWS: 'arn:aws:iam::000000000000:role/other' }, false],
    ['a service', { Service: EVENTS.name }, false],
    ['the account, which leaves it to its roles', { AWS: 'arn:aws:iam::000000000000:root' }, false],
  ])('suffices for a role when it allows %s: %#', (_, Principal, allowed) => {
    expect(decide({ resource: { ...ALLOW, Principal } }).allowed).toBe(allowed);
  });

  it.each([[{ AWS: 'arn:aws:iam::000000000000:root' }], [{ AWS: '000000000000' }], [{ AWS: ROLE.arn }], ['*']])(
    'denies a role by %j',
    (Principal) => {
      expect(decide({ identity: ALLOW, resource: { ...DENY, Principal } }).allowed).toBe(false);
    },
  );

  it('can mean all but some', () => {
    const allButRole = { ...DENY, NotPrincipal: { AWS: ROLE.arn } };
    expect(decide({ identity: ALLOW, resource: allButRole }).allowed).toBe(true);
    expect(decide({ resource: [{ ...ALLOW, Principal: '*' }, allButRole] }, { principal: EVENTS }).allowed).toBe(false);
  });

  it.each([
    ['the service', { Service: EVENTS.name }, true],
    ['one of several services', { Service: ['sns.amazonaws.com', EVENTS.name] }, true],
    ['everyone', '*', true],
    ['another service', { Service: 'sns.amazonaws.com' }, false],
    ['a role', { AWS: ROLE.arn }, false],
  ])('suffices for a service when it allows %s: %#', (_, Principal, allowed) => {
    expect(decide({ resource: { ...ALLOW, Principal } }, { principal: EVENTS }).allowed).toBe(allowed);
  });
});

describe('a condition', () => {
  it.each([
    [{ ArnEquals: { 'aws:SourceArn': RULE } }, true],
    [{ ArnEquals: { 'AWS:sourcearn': RULE } }, true],
    [{ ArnEquals: { 'aws:SourceArn': `${RULE}-2` } }, false],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/calls/*' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:rule/calls/*' } }, false],
    [{ ArnNotLike: { 'aws:SourceArn': RULE } }, false],
    [{ ArnNotEquals: { 'aws:SourceArn': `${RULE}-2` } }, true],
    [{ StringEquals: { 'aws:SourceAccount': ['111111111111', '000000000000'] } }, true],
    [{ StringEquals: { 'aws:SourceAccount': '0000*' } }, false],
    [{ StringLike: { 'aws:SourceAccount': '0000*' } }, true],
    [{ StringNotEquals: { 'aws:SourceAccount': ['111111111111', '000000000000'] } }, false],
    [{ StringNotLike: { 'aws:SourceAccount': '1*' } }, true],
    [{ StringEqualsIgnoreCase: { kind: 'CALL' } }, true],
    [{ StringNotEqualsIgnoreCase: { kind: 'CALL' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
    [{ Bool: { 'aws:SecureTransport': false } }, false],
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, false],
    [{ StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }, true],
    [{ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }, true],
    [{ StringEqualsIfExists: { kind: 'meeting' } }, false],
    [{ Null: { 'aws:PrincipalOrgID': 'true' } }, true],
    [{ Null: { kind: true } }, false],
    [{ StringEquals: { kind: 'call', 'aws:SourceAccount': '111111111111' } }, false],
    [{ StringEquals: { kind: 'call' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
    [{ StringEquals: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } }, true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
    [{ StringLike: { 'aws:SourceAccount': '${aws:PrincipalTag/team}' } }, false],
  ])('%j holds: %p', (Condition, allowed) => {
    const context = {
      'aws:sourcearn': RULE,
      'aws:sourceaccount': '000000000000',
      'aws:principalaccount': '000000000000',
      'aws:securetransport': 'true',
      kind: 'call',
    };
    expect(decide({ identity: { ...ALLOW, Condition } }, { context }).allowed).toBe(allowed);
  });
});

it('fills variables into resources', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
  const identity = { ...ALLOW, Resource: 'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:bots' };
  expect(decide({ identity }, { context: { 'aws:principalaccount': '000000000000' } }).allowed).toBe(true);
  expect(decide({ identity }).allowed).toBe(false);
});

it.each([
  [{ ...ALLOW, Condition: { NumericLessThan: { 's3:max-keys': '10' } } }, 'condition operator NumericLessThan'],
  [{ ...ALLOW, Condition: { 'ForAnyValue:StringEquals': { a: 'b' } } }, 'condition operator ForAnyValue:StringEquals'],
  [{ ...ALLOW, Effect: 'allow' }, 'Effect Allow or Deny'],
  [{ Effect: 'Allow', Resource: '*' }, 'an Action'],
  [undefined, 'Effect Allow or Deny'],
])('a statement that it cannot read fails with the name of its policy: %#', (statement, message) => {
  expect(() => readPolicy({ Statement: statement }, 'QueuePolicy')).toThrow(message);
  expect(() => readPolicy({ Statement: statement }, 'QueuePolicy')).toThrow('QueuePolicy: ');
});

it('reads a policy from JSON text', () => {
  expect(readPolicy(JSON.stringify({ Statement: [ALLOW, DENY] }), 'Test').map(({ effect }) => effect)).toEqual([
    'Allow',
    'Deny',
  ]);
});
