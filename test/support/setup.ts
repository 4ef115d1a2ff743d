/** Jest's global setup of the end-to-end tests: what they all start is made once, before any of them. */
import { synthesizeIfNeeded } from '../../bin/local/synth';
import { bundleCommandLine } from './command-line';
import { PROJECT_ROOT } from './project';
import { CDK_OUT } from './synth';

/** A synth that ends with anything but 0, for example for a finding of cdk-nag, fails every test. */
export default async function setup(): Promise<void> {
  await Promise.all([synthesizeIfNeeded(PROJECT_ROOT, CDK_OUT), bundleCommandLine()]);
}
