import { readFunction, readMapping } from '../../src/lambda/configuration';
import { writeAssembly } from '../template/fixture';

/** Reads the first resource of a stack that has one more queue. */
function read<T>(resource: object, reader: (stack: ReturnType<ReturnType<typeof writeAssembly>['resolve']>) => T): T {
  const assembly = writeAssembly({ Resources: { It: resource, Calls: { Type: 'AWS::SQS::Queue' } } }, { abc: '' });
  try {
    return reader(assembly.resolve());
  } finally {
    assembly.remove();
  }
}

const functionOf = (properties: object) =>
  read(
    {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { S3Key: 'abc.zip' }, Handler: 'index.handler', ...properties },
    },
    (stack) => readFunction(stack, stack.resources[0]!),
  );

const mappingOf = (properties: object) =>
  read(
    {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: 'worker', EventSourceArn: { 'Fn::GetAtt': ['Calls', 'Arn'] }, ...properties },
    },
    (stack) => readMapping(stack.resources[0]!),
  );

describe('a function', () => {
  it('has the defaults of Lambda', () => {
    expect(functionOf({})).toEqual({
      name: 'Calls-It',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:Calls-It',
      handler: 'index.handler',
      taskRoot: expect.stringMatching(/asset\.abc$/),
      timeoutSeconds: 3,
      memorySizeMB: 128,
      environment: {},
      logGroupName: '/aws/lambda/Calls-It',
    });
  });

  it.each([
    [{ Runtime: 'python3.13', Code: { S3Key: 'abc.zip' } }, 'is of the runtime python3.13.'],
    [{ Runtime: 'provided.al2023', Code: { S3Key: 'abc.zip' } }, 'is of the runtime provided.al2023.'],
    [
      { Runtime: 'python3.13', Code: { ZipFile: 'def handler(event, context): pass' } },
      'is of the runtime python3.13.',
    ],
    [{ Runtime: 'nodejs22.x', Code: { ZipFile: 'exports.handler = 1' } }, 'is inline code of the runtime nodejs22.x.'],
    [{ PackageType: 'Image', Code: { ImageUri: 'x' } }, 'is a container image.'],
  ])('that the local cloud cannot run is refused: %j', (properties, what) => {
    expect(() => functionOf({ FunctionName: 'worker', ...properties })).toThrow(`The function worker (It) ${what}`);
  });

  it.each(['nodejs20.x', 'nodejs24.x'])('of %s is run', (Runtime) => {
    expect(functionOf({ Runtime }).name).toBe('Calls-It');
  });

  it('has what the template says', () => {
    const properties = {
      FunctionName: 'worker',
      Timeout: 10,
      MemorySize: 512,
      Environment: { Variables: { QUEUE_URL: { Ref: 'Calls' } } },
      LoggingConfig: { LogGroup: 'logs', LogFormat: 'JSON' },
      ReservedConcurrentExecutions: 0,
    };

    expect(functionOf(properties)).toMatchObject({
      name: 'worker',
      timeoutSeconds: 10,
      memorySizeMB: 512,
      environment: { QUEUE_URL: 'http://127.0.0.1:4566/000000000000/Calls-Calls' },
      logGroupName: 'logs',
      applicationLogLevel: 'INFO',
      reservedConcurrentExecutions: 0,
    });
  });
});

describe('an event source mapping', () => {
  it('has the defaults of Lambda', () => {
    expect(mappingOf({})).toEqual({
      functionName: 'worker',
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:Calls-Calls',
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      reportBatchItemFailures: false,
    });
  });

  it('has what the template says', () => {
    const properties = {
      FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:other',
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 2,
      ScalingConfig: { MaximumConcurrency: 4 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    };

    expect(mappingOf(properties)).toMatchObject({
      functionName: 'other',
      batchSize: 50,
      maximumBatchingWindowSeconds: 2,
      maximumConcurrency: 4,
      reportBatchItemFailures: true,
    });
  });

  it.each([{ FilterCriteria: { Filters: [] } }, { Enabled: false }])('cannot have %o', (properties) => {
    expect(() => mappingOf(properties)).toThrow(/^It: /);
  });
});
