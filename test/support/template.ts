/** The stack's template as `cdk synth` has written it, with every setting at its default. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { CDK_OUT } from './synth';

/** Reads the template. Other settings: {@link synthTemplate} of `configured-template`. */
export const defaultTemplate = (): Template =>
  Template.fromJSON(JSON.parse(readFileSync(join(CDK_OUT, 'Meetbus.template.json'), 'utf8')));

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
