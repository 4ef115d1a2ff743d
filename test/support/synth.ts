/** Synthesizes the app: the end-to-end tests run what `cdk synth` has written. */
import { assemblyFolder, EVERY_PROVIDER } from '../../bin/local/synth';
import { PROJECT_ROOT } from './project';

/** Cloud assembly of the app with its default settings. */
export const CDK_OUT = assemblyFolder(PROJECT_ROOT);

/**
 * Flags of a Meetbus with every built-in provider: `startMeetbus(ALL_PROVIDERS)`, `startWorld(ALL_PROVIDERS)`. The first test file that
 * starts one synthesizes its app, and the others wait: give the `beforeAll` {@link SYNTH_TIMEOUT_MS}.
 */
export const ALL_PROVIDERS: readonly string[] = EVERY_PROVIDER.flatMap((assignment) => ['--context', assignment]);

/** For a synth among other tests on two cores; alone it takes ten seconds. */
export const SYNTH_TIMEOUT_MS = 240_000;
