/** What a provider is to an app, to the constructs and to the command line. Its part in Lambda is in `runtime.ts`. */
import type { Family, MeetingEventType, SET_ASIDE_REASONS } from '@meetbus/events';
import type * as z from 'zod';
import { PROVIDER_NAME } from './definition-faults';
import { ConfigurationError, problemsIn } from './kit/configuration-error';
import type { EntryKind } from './kit/secret-entries';
import type { JsonObject } from './kit/values';
import type { ProviderRuntime } from './runtime';
import type { Sandbox } from './sandbox';

/** A route of the HTTP API. */
export interface ProviderRoute {
  /** Path below the API's root, such as `acme/webhooks`. The runtime has a verifier of that name. */
  readonly path: string;
  /** Construct id of the function behind it. It is part of the function's logical id. */
  readonly id: string;
  /** The URL may end with a token: `<path>/{token}` leads to the same function. */
  readonly takesPathToken?: true;
  /** Milliseconds that the slowest hundredth of answers may take, by what the provider waits for. */
  readonly slowestMs: number;
}

/** A kind of entry in a secret. `read` and `form` are for the runtime, the rest is for `npx meetbus secrets`. */
export interface SecretEntry extends EntryKind<unknown> {
  /** What people type, such as `signing-secret`. It cannot change. */
  readonly kind: string;
  /** What a sentence calls it, such as `signing secret`. */
  readonly title: string;
  /** A line for the help: what it is for. */
  readonly description: string;
  /** What a command asks for, where the provider makes it up. @default the operator makes it up: a command can do that */
  readonly prompt?: string;
  /** What happens without any. @default the provider's deliveries are refused */
  readonly withoutAny?: string;
  /** Command that passes the newest one to the provider. @default the operator does it by hand */
  readonly passOn?: string;
}

/** The secret by which a provider's deliveries are verified, in AWS Secrets Manager. Its JSON holds a list of each kind of entry. */
export interface ProviderSecret {
  /** Its name. */
  readonly name: string;
  readonly entries: readonly SecretEntry[];
  /** ARN of the operator's own KMS key that encrypts it, where there is one. */
  readonly keyArn?: string | undefined;
  /** Without it every delivery is answered 503. That is an alarm. @default false: deliveries can be verified without it */
  readonly isRequired?: true;
}

/** Genuine deliveries that do not become events, because they prove too little. */
export interface SetAside {
  /** As the event of type `event.unrecognized` has it. A runtime whose tokens prove some events only has `signature_required`. */
  readonly reason: (typeof SET_ASIDE_REASONS)[number];
  /** What is not proved. It completes the sentence "At Acme …" in an alarm, such as `a token alone proves live events only`. */
  readonly why: string;
}

/** Real-time endpoints that the provider gives up for good. */
export interface DeadEndpoints {
  /** Name of the provider event that says so. Its type is `endpoint.status_changed`, and its status code `failed`. */
  readonly event: string;
  /** What that means: sentences for the alarm. */
  readonly meaning: string;
}

/** An output of the stack, by which commands find what is deployed. */
export interface ProviderOutput {
  /** Name of the output. */
  readonly name: string;
  /** Must not be empty. */
  readonly value: string;
  readonly description: string;
}

/** A metric that a runtime counts, by provider. */
export interface ProviderMetric {
  readonly name: string;
  /** Title of its graph. */
  readonly title: string;
}

/** A provider with its settings. */
export interface Provider {
  /** Its name in routes, events, metrics and commands: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Absolute path of the module that exports `runtime`, without its ending. It is compiled, and put beside the functions' code. */
  readonly runtimeFile: string;
  /** The same module, for commands and tests. */
  readonly runtime: () => Promise<{ readonly runtime: ProviderRuntime }>;
  /**
   * Its part in the command line: a `ProviderCli`, see `cli.ts`. The type is not named here, and the module is loaded by `require`,
   * so that the published types do not need the packages of the command line.
   */
  readonly cli?: () => Promise<{ readonly cli: object }>;
  /** Samples, a signer and fakes, for a laptop. Without it, no command can play the provider. */
  readonly sandbox?: () => Promise<{ readonly sandbox: Sandbox }>;
  /** The families of its events, and `unrecognized`. Its functions may send to these queues alone. */
  readonly families: readonly Family[];
  readonly routes: readonly ProviderRoute[];
  /** Options for the runtime, in JSON. They are deployed with the code. */
  readonly options?: JsonObject;
  readonly secret?: ProviderSecret;
  /** What a runtime loads beside the secret, such as `key`: the names that it gives to `cached`. */
  readonly loads?: readonly string[];
  /** The runtime keeps records in the table, or what it needs of its secret. */
  readonly keepsRecords?: true;
  /** Metrics of its own, which its runtime counts. They are on the dashboard of the parts. */
  readonly metrics?: readonly ProviderMetric[];
  readonly outputs?: readonly ProviderOutput[];
  /** What the provider does after a refusal (401), where that is known: one sentence, for alarms. */
  readonly afterRefusal?: string;
  /** What the provider does after a failure (no answer, or 5xx), where that is known: one sentence, for alarms. */
  readonly afterFailure?: string;
  /** Why its runtime may set genuine deliveries aside. Each reason is on the dashboard, and in the alarm. @default none is set aside */
  readonly setAside?: readonly SetAside[];
  /** @default the provider gives up no endpoints, or does not say so */
  readonly deadEndpoints?: DeadEndpoints;
  /** What `docs/events.md` says about it. @default the page does not mention the provider */
  readonly docs?: () => Promise<{ readonly docs: ProviderDocs }>;
}

/** Makes a provider from its settings. */
export interface ProviderFactory<Settings = never> {
  /** @throws ConfigurationError that names every wrong setting */
  (settings?: Settings): Provider;
  /** Name of the provider, and of its settings. */
  readonly provider: string;
  /** Checks settings and fills in the defaults. */
  readonly settings: z.ZodType;
  /** Makes the provider from settings that are checked. */
  readonly from: (checked: never) => Provider;
}

/**
 * Defines a provider.
 *
 * @param name lower-case letters, digits and hyphens, at most 32; it can never change, because event ids derive from it
 * @param settings checks what an app passes, and fills in the defaults
 * @param define makes the provider from checked settings
 * @throws Error for a name that cannot be one
 *
 * @example
 * ```ts
 * export const acme = defineProvider('acme', z.strictObject({}), () => ({ title: 'Acme', … }));
 * ```
 */
export function defineProvider<Settings, Checked>(
  name: string,
  settings: z.ZodType<Checked, Settings>,
  define: (checked: Checked) => Omit<Provider, 'name'>,
): ProviderFactory<Settings> {
  if (!PROVIDER_NAME.test(name))
    throw new Error(`A provider cannot be named "${name}": use a-z, 0-9 and -, at most 32 characters.`);
  const from = (checked: Checked): Provider => ({ name, ...define(checked) });
  const factory = (given?: Settings): Provider => {
    const parsed = settings.safeParse(given ?? {});
    if (!parsed.success) throw new ConfigurationError(problemsIn(parsed.error, name));
    return from(parsed.data);
  };
  return Object.assign(factory, { provider: name, settings, from });
}

/** One event of a provider in `docs/events.md`. */
export interface EventDocs {
  /** Its name at the provider. */
  readonly name: string;
  /** The type that it becomes. */
  readonly type: MeetingEventType;
  /** What its payload must have for that, in Markdown, where the name alone does not decide: `with status \`DONE\``. */
  readonly when?: string;
}

/** What `docs/events.md` says about a provider. */
export interface ProviderDocs {
  /** Its events. One that may become several types has an entry for each. */
  readonly events: readonly EventDocs[];
  /** Types whose time the provider never gives: theirs is the time of receipt. */
  readonly timeless: readonly MeetingEventType[];
  /** What else subscribers should know about its events, in Markdown. */
  readonly notes?: string;
}
