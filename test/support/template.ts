/** Templates of the stack, synthesized in this process. Functions are not bundled, so no test here needs `cdk synth`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { MeetbusSettings } from '../../lib/configuration';
import { MeetbusStack } from '../../lib/meetbus-stack';
import { PROJECT_ROOT } from './project';

/** An app with the feature flags of the project. */
function newApp(props: AppProps = {}): App {
  const { context } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'cdk.json'), 'utf8'));
  return new App({ ...props, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
}

/** Without CDK's validation of templates, which takes seconds: for tests that look at constructs alone. */
export const newTestApp = (): App => newApp({ builtinCloudFormationValidation: false });

/**
 * Synthesizes the stack with this value of the context `meetbus`.
 *
 * @throws Error where the settings, or CDK's validation of the template, find a fault
 */
export const synthTemplate = (meetbus: object): Template =>
  Template.fromStack(new MeetbusStack(newApp(), 'Meetbus', { settings: meetbus }));

/** The same without CDK's validation of the template. */
export const templateWith = (settings: MeetbusSettings): Template =>
  Template.fromStack(new MeetbusStack(newTestApp(), 'Meetbus', { settings }));

let usual: Template | undefined;

/**
 * The template with every setting at its default, made once in each test file. Apart from the code of functions it is the
 * one that `cdk synth` writes: test/e2e/synth.test.ts.
 */
export function defaultTemplate(): Template {
  usual ??= templateWith({});
  return usual;
}

/** One resource of a template. */
export interface Resource {
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Resources of a type, by logical id. */
export const resourcesOf = (template: Template, type: string): [logicalId: string, resource: Resource][] =>
  Object.entries(template.findResources(type)) as [string, Resource][];
