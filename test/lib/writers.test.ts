/** The denials on buses, queues and bucket: they leave out exactly the roles that the template allows to write, and whom the settings trust. */
import type { Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../lib/configuration';
import { defaultTemplate, resourcesOf, synthTemplate } from '../support/template';

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: { readonly ArnNotEquals?: { readonly 'aws:PrincipalArn': readonly unknown[] } };
}

const TRUSTED = ['arn:aws:iam::111122223333:role/tools/archivist', 'arn:aws:iam::111122223333:user/ada'];

/** What is written with, and the type of the policies that deny it. */
const WRITES = {
  'events:PutEvents': 'AWS::Events::EventBusPolicy',
  'sqs:SendMessage': 'AWS::SQS::QueuePolicy',
  's3:PutObject': 'AWS::S3::BucketPolicy',
} as const;
type Write = keyof typeof WRITES;

/** Logical id of the first resource that a value refers to. */
const idIn = (value: unknown): string => /"Fn::GetAtt":\["(\w+)"/.exec(JSON.stringify(value))?.[1] ?? '';

const statementsOf = ({ Properties }: { readonly Properties: Readonly<Record<string, unknown>> }): Statement[] =>
  [
    (Properties.PolicyDocument as { Statement: Statement[] } | undefined)?.Statement ??
      (Properties.Statement as Statement),
  ].flat();

/** Of each resource that is guarded: who is left out of the denial. */
function leftOut(template: Template, write: Write): Map<string, unknown[]> {
  const denials = resourcesOf(template, WRITES[write])
    .flatMap(([, policy]) => statementsOf(policy))
    .filter(({ Effect, Action }) => Effect === 'Deny' && [Action].flat().includes(write));
  for (const { Principal, Condition } of denials) {
    expect(Principal).toBe('*');
    expect(Condition).toMatchObject({ BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });
  }
  return new Map(
    denials.map(({ Resource, Condition }) => [
      idIn(Resource),
      [...(Condition?.ArnNotEquals?.['aws:PrincipalArn'] ?? [])].map((arn) => idIn(arn) || arn),
    ]),
  );
}

/** Of each resource: the roles whose policies allow it. */
function allowed(template: Template, write: Write): Map<string, Set<string>> {
  const roles = new Map<string, Set<string>>();
  for (const [, policy] of resourcesOf(template, 'AWS::IAM::Policy')) {
    const [role] = policy.Properties.Roles as [{ Ref: string }];
    for (const { Action, Resource } of statementsOf(policy)) {
      if (![Action].flat().includes(write)) continue;
      for (const id of [Resource].flat().map(idIn)) roles.set(id, (roles.get(id) ?? new Set()).add(role.Ref));
    }
  }
  return roles;
}

const WRITE_ACTIONS = Object.keys(WRITES) as Write[];

it.each(WRITE_ACTIONS)('everybody is denied %s but the roles that are allowed it', (write) => {
  const template = defaultTemplate();
  const guarded = leftOut(template, write);
  const writers = allowed(template, write);
  expect(writers.size).toBeGreaterThan(0);
  for (const [id, roles] of writers) expect([id, guarded.get(id)?.toSorted()]).toEqual([id, [...roles].sort()]);
  // What nobody of Meetbus writes to is closed as well: dead-letter queues.
  for (const [id, roles] of guarded) if (!writers.has(id)) expect([id, roles]).toEqual([id, []]);
});

it('guards both buses, every queue and the bucket', () => {
  const template = defaultTemplate();
  for (const [write, type] of [
    ['events:PutEvents', 'AWS::Events::EventBus'],
    ['sqs:SendMessage', 'AWS::SQS::Queue'],
    ['s3:PutObject', 'AWS::S3::Bucket'],
  ] as const) {
    const ids = resourcesOf(template, type).map(([id]) => id);
    expect([...leftOut(template, write).keys()].sort()).toEqual(ids.sort());
  }
});

it.each(WRITE_ACTIONS)('whom the settings trust is left out of every denial of %s', (write) => {
  const denials = leftOut(synthTemplate({ trustedPrincipals: TRUSTED }), write);
  expect(denials.size).toBeGreaterThan(0);
  for (const writers of denials.values()) expect(writers).toEqual(expect.arrayContaining(TRUSTED));
});

it('keeps the policies within the limits of AWS with as many trusted principals as fit', () => {
  const arn = (index: number) => `arn:aws-us-gov:iam::111122223333:role/${'p'.repeat(60)}${index}`;
  const most: string[] = [];
  while (JSON.stringify([...most, arn(most.length)]).length <= 6_000) most.push(arn(most.length));
  const template = synthTemplate({ trustedPrincipals: most });
  // An ARN of a role or a queue as CloudFormation makes it, at its longest.
  const text = (statements: Statement[]) =>
    JSON.stringify(statements).replaceAll(
      /\{"Fn::(GetAtt|Join)":\[[^\]]*\](?:\]\})?\}?/g,
      JSON.stringify('x'.repeat(120)),
    );
  const longest = (type: string) =>
    Math.max(...resourcesOf(template, type).map(([, policy]) => text(statementsOf(policy)).length));
  expect(longest('AWS::SQS::QueuePolicy')).toBeLessThan(8_192);
  expect(longest('AWS::Events::EventBusPolicy')).toBeLessThan(10_240);
  expect(longest('AWS::S3::BucketPolicy')).toBeLessThan(20_480);
});

it.each([
  ['arn:aws:iam::111122223333:role/*', 'without wildcards'],
  ['arn:aws:iam::111122223333:role/build-?', 'without wildcards'],
  ['*', 'without wildcards'],
  ['arn:aws:iam::111122223333:root', 'the whole account'],
  ['arn:aws:sts::111122223333:assumed-role/build/session', 'the ARN of the role itself'],
  ['111122223333', 'the ARN of an IAM role or user'],
  ['arn:aws:iam::111122223333:group/build', 'the ARN of an IAM role or user'],
  ['arn:aws:iam::1111:role/build', 'the ARN of an IAM role or user'],
])('refuses to trust %s', (principal, message) => {
  const parse = () => parseSettings({ trustedPrincipals: ['arn:aws:iam::111122223333:role/build', principal] });
  expect(parse).toThrow(/^Wrong settings\. meetbus\.trustedPrincipals\.1: [^\n]+$/);
  expect(parse).toThrow(message);
});

it('refuses to trust more than its policies can name', () => {
  const many = Array.from({ length: 100 }, (_, index) => `arn:aws:iam::111122223333:role/${'r'.repeat(50)}${index}`);
  expect(() => parseSettings({ trustedPrincipals: many })).toThrow(
    'meetbus.trustedPrincipals: may have at most 6,000 characters together',
  );
});
