/** Queues, consumers, and what all functions share, as the template declares them. */
import type { Template } from 'aws-cdk-lib/assertions';
import { defaultTemplate, type Resource, resourcesOf } from '../support/template';

const FAMILIES = ['Bot', 'Meeting', 'Participant', 'Recording', 'Transcript', 'Workspace', 'Unrecognized'];

const FOURTEEN_DAYS_SECONDS = 1_209_600;

let template: Template;
let queues: Map<string, Resource>;
let functions: [string, Resource][];

beforeAll(() => {
  template = defaultTemplate();
  queues = new Map(resourcesOf(template, 'AWS::SQS::Queue'));
  functions = resourcesOf(template, 'AWS::Lambda::Function');
});

const idOf = (reference: unknown): string => (reference as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];

describe.each(FAMILIES)('the lane of %s', (family) => {
  const mappingOf = () => {
    const [, { Properties }] = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').find(([id]) =>
      id.startsWith(`${family}Lane`),
    )!;
    return Properties as Record<string, unknown> & { FunctionName: { Ref: string }; EventSourceArn: unknown };
  };
  const queue = () => queues.get(idOf(mappingOf().EventSourceArn))!.Properties;

  it('feeds its own consumer from its own queue, and takes back only what failed', () => {
    const { FunctionName, EventSourceArn, ...rest } = mappingOf();
    expect(FunctionName.Ref).toMatch(new RegExp(`^${family}Lane`));
    expect(idOf(EventSourceArn)).toMatch(new RegExp(`^${family}Lane`));
    expect(rest).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 50 },
    });
  });

  it('hides a message for six times as long as its consumer may run', () => {
    const consumer = functions.find(([id]) => id === mappingOf().FunctionName.Ref)![1].Properties;
    expect(queue().VisibilityTimeout).toBe(6 * Number(consumer.Timeout));
  });

  it('puts a message aside after five failures, and keeps it for 14 days', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue().RedrivePolicy as Record<string, unknown>;
    expect(maxReceiveCount).toBe(5);
    const deadLetterQueue = queues.get(idOf(deadLetterTargetArn))!.Properties;
    expect(deadLetterQueue.MessageRetentionPeriod).toBe(FOURTEEN_DAYS_SECONDS);
    // The age of a message goes on: one that had waited for longer would be gone as soon as it was put aside.
    expect(Number(queue().MessageRetentionPeriod)).toBeLessThan(FOURTEEN_DAYS_SECONDS / 2);
  });
});

it('keeps every queue encrypted, over TLS only, as large as messages may be, and when the stack goes', () => {
  expect(queues.size).toBe(2 * FAMILIES.length + 1);
  const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => Properties);
  for (const [id, { Properties, DeletionPolicy, UpdateReplacePolicy }] of queues) {
    expect({ id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
      id,
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MaximumMessageSize: 1_048_576 });
    expect(Properties.FifoQueue).toBeUndefined();
    const policy = policies.find(({ Queues }) => JSON.stringify(Queues) === JSON.stringify([{ Ref: id }]));
    expect(policy?.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    });
  }
});

it('runs every function on what it was built for, with JSON logs, traces and a timeout', () => {
  // Three verifiers, what brings back, the probe's verifier and the prober.
  expect(functions).toHaveLength(FAMILIES.length + 6);
  for (const [id, { Properties }] of functions) {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: id.startsWith('Ingress') ? 10 : id.startsWith('Fallback') ? 50 : 30,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: { Ref: expect.any(String) } },
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_LOGGER_LOG_EVENT: 'false' } },
    });
    // A reserve would throttle a burst of deliveries, and each throttled one is a retry.
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
  }
});
