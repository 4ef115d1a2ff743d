/** Synthesizes the app once before any test: the end-to-end tests run what `cdk synth` has written. */
import { join } from 'node:path';
import { isSynthesized, synthesize } from '../../bin/local/synth';

/** Root of the project. */
export const PROJECT_ROOT = join(__dirname, '..', '..');

/** Folder that `cdk synth` writes. */
export const CDK_OUT = join(PROJECT_ROOT, 'cdk.out');

/** Jest's global setup. A synth that ends with anything but 0, for example for a finding of cdk-nag, fails every test. */
export default async function setup(): Promise<void> {
  if (!isSynthesized(PROJECT_ROOT, CDK_OUT)) await synthesize(PROJECT_ROOT, CDK_OUT);
}
