/** The operator's configuration: CDK context `meetbus`, checked once, before anything is built. */
import * as z from 'zod';
import { BUILT_IN, type BuiltInSettings, DEFAULT_PROVIDERS } from '../providers';
import { definitionFaultOf, repeatedRouteIn } from '../providers/definition-faults';
import { ConfigurationError, problemsIn } from '../providers/kit/configuration-error';
import type { ChecksOf } from '../providers/kit/settings';
import { probe } from '../providers/probe';
import type { Provider } from '../providers/provider';
import type { AlarmSettings, FirewallSettings, MeetbusSettings, ProbeSettings, RepairSettings } from './settings';

export { ConfigurationError, type MeetbusSettings };

/** Retention periods that CloudWatch Logs knows, up to two years, in days. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

/**
 * Maximum length of all trusted principals together, with quotes and commas: the policy of a queue has 8,192 bytes, and
 * Meetbus's own statements use somewhat more than a thousand.
 */
const MAX_TRUSTED_LENGTH = 6_000;

/** The errors in the ARN of a principal; the first that applies is reported. */
const PRINCIPAL_FAULTS: readonly [fault: RegExp, message: string][] = [
  [/[*?]/, 'must name one role or user, without wildcards: they would let in whatever is made later'],
  [/:root$/, 'must name a role or a user: this is the whole account'],
  [
    /^arn:[\w-]+:sts:/,
    'must be the ARN of the role itself, not of one of its sessions: arn:aws:iam::<account>:role/<name>',
  ],
  [/^(?!arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$)/, 'must be the ARN of an IAM role or user'],
];

const principal = z.string().check(({ value, issues }) => {
  const [, message] = PRINCIPAL_FAULTS.find(([fault]) => fault.test(value)) ?? [];
  if (message !== undefined) issues.push({ code: 'custom', message, input: value });
});

const NAME = /^[A-Za-z0-9._-]{1,48}$/;

/** Whether a Meetbus can have that name. */
export const isName = (text: string): boolean => NAME.test(text);

const builtInNames = Object.values(BUILT_IN).map(({ provider }) => provider) as (keyof BuiltInSettings)[];

function isProvider(value: unknown): boolean {
  const { name, runtimeFile, routes, families } = Object(value) as Partial<Provider>;
  return (
    typeof name === 'string' && typeof runtimeFile === 'string' && Array.isArray(routes) && Array.isArray(families)
  );
}

/** Settings of the built-in providers, by name. */
const builtInSettings = Object.fromEntries(
  Object.values(BUILT_IN).map((factory) => [factory.provider, factory.settings.prefault({})]),
);

const generalSettings = {
  name: z.string().regex(NAME, 'must have 1 to 48 letters, digits, dots, hyphens and underscores').optional(),
  providers: z
    .array(
      z.union(
        [z.enum(builtInNames), z.custom<Provider>(isProvider)],
        `must be a provider, or the name of a built-in one: ${builtInNames.join(', ')}`,
      ),
    )
    .min(1, 'must not be empty')
    .default(DEFAULT_PROVIDERS.map(({ provider }) => provider as keyof BuiltInSettings)),
  firewall: z
    .strictObject({
      requestsPerFiveMinutes: z.int().min(100).max(2_000_000_000).optional(),
    } satisfies ChecksOf<FirewallSettings>)
    .prefault({}),
  alarms: z
    .strictObject({
      email: z.email('must be a mail address').optional(),
      silenceMinutes: z.int().min(5).max(480).default(120),
      runbookUrl: z
        .url({ protocol: /^https?$/, error: 'must be a whole address, such as https://…/runbook.md' })
        .optional(),
    } satisfies ChecksOf<AlarmSettings>)
    .prefault({}),
  probe: z
    .strictObject({ everyMinutes: z.int().min(0).max(60).default(1) } satisfies ChecksOf<ProbeSettings>)
    .prefault({}),
  repair: z
    .strictObject({
      enabled: z.boolean().default(false),
      everyMinutes: z.int().min(5).max(60).default(15),
      requestsPerRun: z.int().min(10).max(100).default(60),
    } satisfies ChecksOf<RepairSettings>)
    .prefault({}),
  schemas: z.boolean().default(true),
  trustedPrincipals: z
    .array(principal)
    .refine(
      (arns) => JSON.stringify(arns).length <= MAX_TRUSTED_LENGTH,
      `may have at most ${MAX_TRUSTED_LENGTH.toLocaleString('en')} characters together, because they stand in policies of limited length`,
    )
    .default([]),
  archiveDays: z.int().min(1).max(3_650).default(30),
  logDays: z.literal(LOG_DAYS, `must be one of ${LOG_DAYS.join(', ')}`).default(30),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
  consumerConcurrency: z.int().min(2).max(1_000).default(50),
  apiGatewayAccountRole: z.boolean().default(true),
} satisfies ChecksOf<Omit<MeetbusSettings, keyof BuiltInSettings>>;

const schema = z.strictObject({ ...builtInSettings, ...generalSettings });

/** The checked configuration, with every default filled in. */
export type Configuration = Omit<z.output<z.ZodObject<typeof generalSettings>>, 'providers'> & {
  readonly providers: readonly Provider[];
};

/**
 * Checks settings and fills in the defaults.
 *
 * @throws ConfigurationError with one line that names every invalid setting
 */
export function parseSettings(settings: unknown): Configuration {
  const parsed = schema.safeParse(settings);
  if (!parsed.success) throw new ConfigurationError(problemsIn(parsed.error, 'meetbus'));
  const { providers, ...rest } = parsed.data;
  const made = providers.map((given) => {
    if (typeof given !== 'string') return given;
    const factory = BUILT_IN[given as keyof typeof BUILT_IN];
    return factory.from((rest as Readonly<Record<string, unknown>>)[given] as never);
  });
  return { ...(rest as Omit<Configuration, 'providers'>), providers: checkProviders(made, providers, settings) };
}

/** @throws ConfigurationError if a provider cannot be deployed, beside the others or at all, or settings would have no effect */
function checkProviders(
  providers: readonly Provider[],
  chosen: readonly unknown[],
  settings: unknown,
): readonly Provider[] {
  const names = providers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(`Wrong settings. meetbus.providers: ${twice} is there twice. Name it once.`);
  }
  if (names.includes(probe.provider)) {
    throw new ConfigurationError(
      `Wrong settings. meetbus.providers: ${probe.provider} is Meetbus's own probe, which the setting probe turns on and off. Choose another name.`,
    );
  }
  const fault = providers.map(definitionFaultOf).find((one) => one !== undefined);
  const wrong = fault ?? repeatedRouteIn([...providers, probe()].flatMap(({ routes }) => routes));
  if (wrong !== undefined) throw new ConfigurationError(`Wrong settings. meetbus.providers: ${wrong}`);
  const given = Object.keys(settings ?? {});
  const idle = builtInNames.find((name) => given.includes(name) && !chosen.includes(name));
  if (idle === undefined) return providers;
  throw new ConfigurationError(
    names.includes(idle)
      ? `Wrong settings. meetbus.${idle}: pass them to ${idle}() in meetbus.providers instead.`
      : `Wrong settings. meetbus.${idle}: ${idle} is not in meetbus.providers. Add it there, or remove its settings.`,
  );
}

/**
 * The settings in the CDK context value `meetbus`: an object (from `cdk.json`), JSON text (from `-c meetbus='{…}'`), or
 * nothing.
 *
 * @throws ConfigurationError for text that is not JSON
 */
export function settingsInContext(context: unknown): unknown {
  if (typeof context !== 'string') return context ?? {};
  try {
    return JSON.parse(context);
  } catch {
    throw new ConfigurationError('Wrong settings. meetbus: must be JSON, in single quotes');
  }
}
