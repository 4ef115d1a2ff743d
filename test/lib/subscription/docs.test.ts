/** The snippets of docs/subscribing.md, run as they stand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { transformSync } from 'esbuild';
import * as meetbusLibrary from 'meetbus';
import { functionIn, machineIn, meetbusIn, ruleOf, team } from './fixture';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'subscribing.md'), 'utf8');

/** Each snippet, with the pattern that the page shows for it. */
const SNIPPETS = [...page.matchAll(/```ts\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)].map(
  ([, code = '', pattern]) => ({ code, pattern, firstLine: code.split('\n')[0] }),
);

/** What a snippet takes for granted. */
const surroundings = (stack: Stack): Record<string, unknown> => ({
  ...{ ...meetbusLibrary, CfnOutput, Duration, EventBus, LogGroup, Queue },
  meetbus: meetbusIn(stack),
  queue: new Queue(stack, 'Queue'),
  handler: functionIn(stack),
  machine: machineIn(stack),
  topic: new sns.Topic(stack, 'Topic'),
});

it('has snippets', () => {
  expect(SNIPPETS.length).toBeGreaterThanOrEqual(8);
  expect(SNIPPETS.filter(({ pattern }) => pattern !== undefined).length).toBeGreaterThanOrEqual(4);
});

it.each(SNIPPETS)('$firstLine', ({ code, pattern }) => {
  const stack = team('111122223333');
  const names = surroundings(stack);
  const { code: javaScript } = transformSync(code, { loader: 'ts' });
  const run = new Function(...Object.keys(names), javaScript);
  run.call(stack, ...Object.values(names));
  if (pattern !== undefined)
    expect((ruleOf(stack) as never as { EventPattern: object }).EventPattern).toEqual(JSON.parse(pattern));
});
