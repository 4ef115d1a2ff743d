/** Several stacks that run side by side. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { loadTemplates } from '../../src/template/assembly';
import { combineStacks } from '../../src/template/combine';
import { type Assembly, writeAssembly } from './fixture';

const QUEUE = { Type: 'AWS::SQS::Queue' };
const handler = (S3Key: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { S3Key }, Handler: 'index.handler' },
});

const assemblies: Assembly[] = [];
function stackOf(stackName: string, template: object, code: Record<string, string> = {}) {
  const assembly = writeAssembly(template, code, stackName);
  assemblies.push(assembly);
  return assembly.resolve();
}
afterAll(() => {
  for (const { remove } of assemblies) remove();
});

it('has the resources, outputs and code of each', () => {
  const output = { Name: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } };
  const calls = stackOf('Calls', { Resources: { Queue: QUEUE, F: handler('a.zip') }, Outputs: output }, { a: '1' });
  const team = stackOf('Team', { Resources: { Queue: QUEUE, F: handler('a.zip') }, Outputs: output }, { a: '2' });
  const both = combineStacks([calls, team]);
  expect(both.ofType('AWS::SQS::Queue').map(({ name }) => name)).toEqual(['Calls-Queue', 'Team-Queue']);
  expect(both.resolveOutputs()).toEqual({ Calls: { Name: 'Calls-Queue' }, Team: { Name: 'Team-Queue' } });
  const [ofCalls, ofTeam] = both.ofType('AWS::Lambda::Function');
  expect(both.assetFolder(ofCalls!)).toBe(join(assemblies[0]!.folder, 'asset.a'));
  expect(both.assetFolder(ofTeam!)).toBe(join(assemblies[1]!.folder, 'asset.a'));
});

it('passes over what any of them has that does not run here', () => {
  const team = stackOf('Team', { Resources: { Machine: { Type: 'AWS::StepFunctions::StateMachine' } } });
  const { resources, passedOver } = combineStacks([stackOf('Calls', { Resources: { Queue: QUEUE } }), team]);
  expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Queue']);
  expect(passedOver).toEqual([
    expect.objectContaining({ logicalId: 'Machine', reason: expect.stringMatching(/runs no/) }),
  ]);
});

it('names what two of them declare', () => {
  const template = { Resources: { Queue: { ...QUEUE, Properties: { QueueName: 'calls' } } } };
  expect(() => combineStacks([stackOf('Calls', template), stackOf('Team', template)])).toThrow(
    'The stacks Calls and Team both declare arn:aws:sqs:us-east-1:000000000000:calls.',
  );
});

describe('an app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-assembly-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** As `cdk synth` does, which leaves in the folder what earlier ones wrote. */
  function synthesize(...stacks: readonly [id: string, stackName?: string][]): void {
    const app = new App({ outdir: folder, builtinCloudFormationValidation: false });
    for (const [id, stackName] of stacks) {
      const stack = new Stack(app, id, stackName === undefined ? {} : { stackName });
      new sqs.Queue(new NestedStack(stack, 'Nested'), 'Queue');
    }
    app.synth();
  }

  it('has the stacks of its last synth, under the names that they are deployed as', () => {
    synthesize(['Old']);
    synthesize(['Queues'], ['Subscriptions', 'team-subscriptions']);
    expect(loadTemplates(folder).map(({ stackName }) => stackName)).toEqual(['Queues', 'team-subscriptions']);
    for (const { template, assets } of loadTemplates(folder)) {
      const [nested] = Object.values(template.Resources);
      expect(nested?.Type).toBe('AWS::CloudFormation::Stack');
      expect([...assets.values()]).toContainEqual(expect.stringMatching(/\.nested\.template\.json$/));
    }
  });

  it('asks for another synth where the manifest is cut off', () => {
    writeFileSync(join(folder, 'manifest.json'), '{"artifacts":');
    expect(() => loadTemplates(folder)).toThrow(/manifest\.json is not JSON .* Run `npx cdk synth` again\./);
  });
});

it('names a folder that no app was synthesized into', () => {
  const empty = mkdtempSync(join(tmpdir(), 'cloud-assembly-'));
  expect(() => loadTemplates(empty)).toThrow(`No stack in ${empty}. Run \`npx cdk synth\` first.`);
  rmSync(empty, { recursive: true });
});
