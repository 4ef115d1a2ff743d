/** Fakes of services outside AWS. The caller writes them; the local cloud starts and ends them. */
import type { Closer } from '../closers';
import type { SecretStore } from '../secrets-manager/secret-store';
import type { ResolvedStack } from '../template/stack';

/** What a fake can read and set up before any function runs. */
export interface FakeContext {
  /** The value of an environment variable in the first function whose template sets it; undefined where none does. */
  variable(name: string): string | undefined;
  /** Folders with the code of the functions, as `cdk synth` has written them. */
  codeFolders(): readonly string[];
  /**
   * The current text of a secret. A secret that does not exist is created.
   *
   * @param makeUp returns the text of the new secret
   */
  secret(name: string, makeUp: () => string): string;
}

/** A fake whose service can be made to fail. */
export interface BreakableFake {
  readonly name: string;
  /** The ways in which it can be broken, such as `unavailable`. */
  readonly ways: readonly string[];
  /** Breaks it in one of these ways; without one it works again. */
  break(way: string | undefined): void | Promise<void>;
}

/** A fake that runs. */
export interface RunningFake {
  /** New values of environment variables, for every function whose template sets the variable. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How it can be made to fail while it runs. @default it cannot */
  readonly breakable?: BreakableFake;
  /** Ends the fake. */
  close?(): unknown;
}

/** Starts one fake. Secrets of a snapshot are restored before. */
export type StartFake = (context: FakeContext) => RunningFake | Promise<RunningFake>;

/**
 * Starts the fakes one after the other.
 *
 * @param closers gets what ends each fake as soon as it runs, so that a later failure leaves none behind
 * @returns the environment variables of all of them, of which the last fake wins; and those that can be broken
 */
export async function startFakes(
  fakes: readonly StartFake[],
  { stack, secrets }: { readonly stack: ResolvedStack; readonly secrets: SecretStore },
  closers: Closer[],
): Promise<{ readonly environment: Readonly<Record<string, string>>; readonly breakable: readonly BreakableFake[] }> {
  const context: FakeContext = {
    variable: (name) => variableIn(stack, name),
    codeFolders: () => [...new Set(functionsIn(stack).map((resource) => stack.assetFolder(resource)))],
    secret(name, makeUp) {
      if (!secrets.has(name)) secrets.create(name, { value: { SecretString: makeUp() } });
      const versions = [...secrets.find(name).versions.values()];
      return versions.find(({ stages }) => stages.includes('AWSCURRENT'))?.SecretString ?? '';
    },
  };
  const environment: Record<string, string> = {};
  const breakable: BreakableFake[] = [];
  for (const start of fakes) {
    const fake = await start(context);
    closers.push(() => fake.close?.());
    Object.assign(environment, fake.environment);
    if (fake.breakable) breakable.push(fake.breakable);
  }
  return { environment, breakable };
}

const functionsIn = (stack: ResolvedStack) => stack.ofType('AWS::Lambda::Function');

function variableIn(stack: ResolvedStack, name: string): string | undefined {
  for (const { properties } of functionsIn(stack)) {
    const { Variables = {} } = (properties.Environment ?? {}) as { readonly Variables?: Record<string, string> };
    if (Variables[name] !== undefined) return Variables[name];
  }
  return undefined;
}
