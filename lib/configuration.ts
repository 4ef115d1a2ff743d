/** The operator's configuration: CDK context `meetbus`, checked once, before anything is built. */
import * as z from 'zod';
import { REALTIMEKIT_KEY_URL } from '../lambdas/providers/realtimekit/public-key';

/** Retention periods that CloudWatch Logs knows, up to two years, in days. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

/** AWS account number. */
const ACCOUNT_HINT = 'must be an AWS account number of 12 digits, in quotes';
const account = z.string(ACCOUNT_HINT).regex(/^\d{12}$/, ACCOUNT_HINT);

/** Longer lists could pass the 4 KB that Lambda has for all environment variables of a function. */
const MAX_SENDERS = 30;

/** An item of a list that travels in an environment variable. */
const listItem = z.string().regex(/^[^,\s]{1,64}$/, 'must have 1 to 64 characters and no commas or spaces');

const schema = z.strictObject({
  /** Begins the names of the buses, the schema registry and the shared bus's log group; else the stack's name does. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,48}$/, 'must have 1 to 48 letters, digits, dots, hyphens and underscores')
    .optional(),
  recall: z
    .strictObject({
      /** Name of the secret in AWS Secrets Manager: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`. */
      secretName: z
        .string()
        .regex(/^[\w/+=.@-]{1,512}$/, 'must be the name of a secret')
        .default('meetbus/recall'),
      /** Refuse real-time deliveries that carry a token but no signature. */
      requireSignature: z.boolean().default(false),
    })
    .prefault({}),
  realtimekit: z
    .strictObject({
      /** Where RealtimeKit's public key is published. */
      keyUrl: z
        .url({ protocol: /^https$/, error: 'must be an https URL' })
        .refine((url) => !url.includes('@'), 'must not hold a user name')
        .default(REALTIMEKIT_KEY_URL),
      /** Organizations whose events are accepted; an empty list accepts every one. */
      organizationIds: z.array(listItem).max(MAX_SENDERS).default([]),
      /** Webhooks whose deliveries are accepted, by `rtk-webhook-id`; an empty list accepts every one. */
      webhookIds: z.array(listItem).max(MAX_SENDERS).default([]),
    })
    .prefault({}),
  sharedBus: z
    .strictObject({
      /** Accounts that may make rules of their own on the shared bus. */
      accounts: z.array(account).default([]),
      /** AWS organization all of whose accounts may do so. */
      organizationId: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'must be the id of an AWS organization, such as o-a1b2c3d4e5')
        .optional(),
    })
    .prefault({}),
  firewall: z
    .strictObject({
      /** Requests of one address in five minutes above which AWS WAF answers 503; without it there is no firewall. */
      requestsPerFiveMinutes: z.int().min(100).max(2_000_000_000).optional(),
    })
    .prefault({}),
  /** Days for which the archives of both buses keep events. */
  archiveDays: z.int().min(1).max(3_650).default(30),
  /** Days for which logs are kept. */
  logDays: z.literal(LOG_DAYS, `must be one of ${LOG_DAYS.join(', ')}`).default(30),
  /** Least severe log lines of the functions that are kept. */
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
  /** How many copies of one consumer may run at the same time. */
  consumerConcurrency: z.int().min(2).max(1_000).default(50),
  /**
   * Set the role with which API Gateway writes logs. It is one for the whole account and region: say false where
   * another stack has set it.
   */
  apiGatewayAccountRole: z.boolean().default(true),
});

/** The settings as an operator writes them: every one has a default. */
export type MeetbusSettings = z.input<typeof schema>;

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
