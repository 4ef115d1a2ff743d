/** The interface of a provider, for apps, constructs and the command line. The part that runs in Lambda is in `runtime.ts`. */
import type { Family, MeetingEventType, SET_ASIDE_REASONS } from '@meetbus/events';
import type * as z from 'zod';
import type { ProviderBackfill } from './backfill';
import { PROVIDER_NAME } from './definition-faults';
import { ConfigurationError, problemsIn } from './kit/configuration-error';
import type { EntryKind } from './kit/secret-entries';
import type { JsonObject } from './kit/values';
import type { ProviderRuntime } from './runtime';
import type { Sandbox } from './sandbox';

/** A route of the HTTP API. */
export interface ProviderRoute {
  /** Path below the API's root, such as `acme/webhooks`. The runtime's `routes` has a verifier under the same path. */
  readonly path: string;
  /** Construct id of the function behind it. It is part of the function's logical id. */
  readonly id: string;
  /** The URL may end with a token: `<path>/{token}` leads to the same function. */
  readonly takesPathToken?: true;
  /** Alarm threshold for the 99th percentile of response times, in milliseconds: less than the provider's timeout. */
  readonly slowestMs: number;
}

/** A kind of entry in a secret. `read` and `form` are for the runtime, the rest is for `npx meetbus secrets`. */
export interface SecretEntry extends EntryKind<unknown> {
  /** Its name on the command line, such as `signing-secret`. It cannot change. */
  readonly kind: string;
  /** Its name in a sentence, such as `signing secret`. */
  readonly title: string;
  /** What it is for: one line of help. */
  readonly description: string;
  /** Prompt for an entry that the provider generates. @default the operator chooses it, or a command generates it */
  readonly prompt?: string;
  /** What happens if the secret has no such entry. @default the provider's deliveries are refused */
  readonly withoutAny?: string;
  /** Command that gives the newest entry to the provider. @default the operator does it by hand */
  readonly passOn?: string;
}

/** The secret in AWS Secrets Manager that verifies a provider's deliveries. Its JSON has a member for each kind of entry. */
export interface ProviderSecret {
  /** Its name. */
  readonly name: string;
  readonly entries: readonly SecretEntry[];
  /** ARN of the KMS key that encrypts it, if it is the operator's own. */
  readonly keyArn?: string | undefined;
  /** Without the secret every delivery gets a 503, and an alarm fires. @default false: deliveries can be verified without it */
  readonly isRequired?: true;
}

/** Genuine deliveries that do not become events, because they prove too little. */
export interface SetAside {
  /** The reason in the `event.unrecognized`. A runtime whose tokens prove some events only has `signature_required`. */
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

/** An output of the stack. Commands read outputs to find what is deployed. */
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
  /** Its name in routes, events, metrics and commands: lower-case letters, digits and hyphens, at most 32. */
  readonly name: string;
  /** Its name in texts, such as `Acme Rooms`. */
  readonly title: string;
  /** Absolute path of the module that exports `runtime`, without extension. It is compiled, and deployed beside the handlers. */
  readonly runtimeFile: string;
  /** The same module, for commands and tests. */
  readonly runtime: () => Promise<{ readonly runtime: ProviderRuntime }>;
  /**
   * Its part in the command line: a `ProviderCli`, see `cli.ts`. The type is not named here, and the module is loaded by `require`,
   * so that the published types do not need the packages of the command line.
   */
  readonly cli?: () => Promise<{ readonly cli: object }>;
  /**
   * Absolute path of the module that exports `backfill`, without extension: how events that never came are had again. It is
   * compiled like the runtime, and deployed beside the function `repair` alone. @default the provider's API is not read
   */
  readonly backfillFile?: string;
  /** Whether `inspect` of that module can yield a trouble, which raises an alarm. @default there is no such alarm */
  readonly inspectsSender?: true;
  /** The same module, for commands and tests. */
  readonly backfill?: () => Promise<{ readonly backfill: ProviderBackfill }>;
  /** Samples, a signer and fakes, for a laptop. Without it, no command can send as the provider. */
  readonly sandbox?: () => Promise<{ readonly sandbox: Sandbox }>;
  /** The families of its events, and `unrecognized`. Its functions may send to these queues alone. */
  readonly families: readonly Family[];
  readonly routes: readonly ProviderRoute[];
  /** Options for the runtime, in JSON. They are deployed with the code. */
  readonly options?: JsonObject;
  readonly secret?: ProviderSecret;
  /** Names of the values that the runtime loads with `cached`, such as `key`. */
  readonly loads?: readonly string[];
  /** Set if the runtime uses `records`, or `keep` of its secret: its verifiers may then read the table. */
  readonly keepsRecords?: true;
  /** Metrics of its own, which its runtime counts. The parts dashboard shows them. */
  readonly metrics?: readonly ProviderMetric[];
  readonly outputs?: readonly ProviderOutput[];
  /** What the provider does after a refusal (401), if that is known: one sentence, for alarms. */
  readonly afterRefusal?: string;
  /** What the provider does after a failure (no answer, or 5xx), if that is known: one sentence, for alarms. */
  readonly afterFailure?: string;
  /** Why its runtime may set genuine deliveries aside. Dashboard and alarm name each reason. @default none is set aside */
  readonly setAside?: readonly SetAside[];
  /** @default the provider never gives up an endpoint, or does not report it */
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
  /** What its payload must have for that, in Markdown, if the name alone does not decide: `with status \`DONE\``. */
  readonly when?: string;
}

/** What `docs/events.md` says about a provider. */
export interface ProviderDocs {
  /** Its events. An event that may become several types has an entry for each type. */
  readonly events: readonly EventDocs[];
  /** Types for which the provider never sends a time: their events have the time of receipt. */
  readonly timeless: readonly MeetingEventType[];
  /** What else subscribers should know about its events, in Markdown. */
  readonly notes?: string;
}
