/** Synthesizes the app once before any test: the end-to-end tests run what `cdk synth` has written. */
import { join } from 'node:path';
import { assemblyFolder, EVERY_PROVIDER, synthesizeIfNeeded } from '../../bin/local/synth';

/** Root of the project. */
export const PROJECT_ROOT = join(__dirname, '..', '..');

/** Cloud assembly of the app with its default settings. */
export const CDK_OUT = assemblyFolder(PROJECT_ROOT);

/**
 * Flags of a Meetbus with every built-in provider: `startMeetbus(ALL_PROVIDERS)`, `startWorld(ALL_PROVIDERS)`. The first test file that
 * starts one synthesizes its app, and the others wait: give the `beforeAll` {@link SYNTH_TIMEOUT_MS}.
 */
export const ALL_PROVIDERS: readonly string[] = EVERY_PROVIDER.flatMap((assignment) => ['--context', assignment]);

/** For a synth among other tests on two cores; alone it takes ten seconds. */
export const SYNTH_TIMEOUT_MS = 240_000;

/** Jest's global setup. A synth that ends with anything but 0, for example for a finding of cdk-nag, fails every test. */
export default async function setup(): Promise<void> {
  await synthesizeIfNeeded(PROJECT_ROOT, CDK_OUT);
}
