/** The operator's configuration: CDK context `meetbus`, checked once, before anything is built. */
import * as z from 'zod';
import { REALTIMEKIT_KEY_URL } from '../providers/realtimekit/public-key';
import { REALTIMEKIT_SECRET_NAME } from '../providers/realtimekit/secrets';
import type { AlarmSettings, FirewallSettings, MeetbusSettings, RealtimeKitSettings, RecallSettings } from './settings';

export type { MeetbusSettings };

/** Retention periods that CloudWatch Logs knows, up to two years, in days. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

/** Items of a list of senders. */
const MAX_SENDERS = 30;

/**
 * Characters of both lists of senders. Lambda takes 4,096 bytes for all environment variables of a function; the others
 * take up to 1,700: five queue URLs, names of table, bucket and secret, and the key's URL.
 */
const MAX_SENDERS_LENGTH = 2_400;

/** An item of a list that travels in an environment variable. */
const listItem = z.string().regex(/^[^,\s]{1,64}$/, 'must have 1 to 64 characters and no commas or spaces');

const secretName = z.string().regex(/^[\w/+=.@-]{1,512}$/, 'must be the name of a secret');

const keyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'must be the ARN of a KMS key, and not of an alias');

/**
 * Characters that trusted principals may have together, with quotes and commas: the policy of a queue has 8,192 bytes, and
 * Meetbus's own statements take a good thousand of them.
 */
const MAX_TRUSTED_LENGTH = 6_000;

/** What is wrong with the ARN of a principal, the first that fits. */
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

/** A check for each setting, no more and no fewer. */
type ChecksOf<Settings> = { [Name in keyof Required<Settings>]: z.ZodType<unknown, Settings[Name]> };

const NAME = /^[A-Za-z0-9._-]{1,48}$/;

/** Whether a Meetbus may have that name. */
export const isName = (text: string): boolean => NAME.test(text);

const schema = z.strictObject({
  name: z.string().regex(NAME, 'must have 1 to 48 letters, digits, dots, hyphens and underscores').optional(),
  recall: z
    .strictObject({
      secretName: secretName.default('meetbus/recall'),
      secretKeyArn: keyArn.optional(),
      requireSignature: z.boolean().default(false),
    } satisfies ChecksOf<RecallSettings>)
    .prefault({}),
  realtimekit: z
    .strictObject({
      secretName: secretName.default(REALTIMEKIT_SECRET_NAME),
      secretKeyArn: keyArn.optional(),
      keyUrl: z
        .url({ protocol: /^https$/, error: 'must be an https URL' })
        .refine((url) => !url.includes('@'), 'must not hold a user name')
        .default(REALTIMEKIT_KEY_URL),
      organizationIds: z.array(listItem).max(MAX_SENDERS).default([]),
      webhookIds: z.array(listItem).max(MAX_SENDERS).default([]),
    } satisfies ChecksOf<RealtimeKitSettings>)
    .check(({ value, issues }) => {
      const length = [...value.organizationIds, ...value.webhookIds].join(',').length;
      if (length <= MAX_SENDERS_LENGTH) return;
      const message = `organizationIds and webhookIds have ${length} characters together, and a function has room for ${MAX_SENDERS_LENGTH}`;
      issues.push({ code: 'custom', message, input: value });
    })
    .prefault({}),
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
} satisfies ChecksOf<MeetbusSettings>);

/** The checked configuration, with every default filled in. */
export type Configuration = z.output<typeof schema>;

/** A configuration that is wrong; its message is one line and says what to change. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Checks settings and fills in the defaults.
 *
 * @throws ConfigurationError with one line that names every wrong setting
 */
export function parseSettings(settings: unknown): Configuration {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${['meetbus', ...path].join('.')}: ${message}`);
  throw new ConfigurationError(`Wrong settings. ${problems.join('; ')}`);
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
