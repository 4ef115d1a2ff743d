/** Cloudflare RealtimeKit: its route, settings and secret. */
import { join } from 'node:path';
import * as z from 'zod';
import { type ChecksOf, keyArn, secretName } from '../kit/settings';
import { defineProvider } from '../provider';
import { REALTIMEKIT_KEY_URL } from './public-key';
import { REALTIMEKIT_SECRET_NAME, URL_TOKEN } from './secrets';
import { FORMER_HEADERS, type RealtimekitOptions } from './verify';

/** Settings for Cloudflare RealtimeKit. */
export interface RealtimeKitSettings {
  /**
   * Name of the secret in AWS Secrets Manager: `{"urlTokens":["…"]}`, the tokens with which the URL of the webhook may end.
   *
   * @default "meetbus/realtimekit"
   */
  readonly secretName?: string;
  /**
   * ARN of the KMS key of your own that encrypts the secret; not needed for the key `aws/secretsmanager`.
   *
   * @default - no key of your own
   */
  readonly secretKeyArn?: string;
  /**
   * Where RealtimeKit's public key is published; an https URL.
   *
   * @default "https://api.realtime.cloudflare.com/.well-known/webhooks.json"
   */
  readonly keyUrl?: string;
  /**
   * Organizations whose events are trusted without a token in the URL, up to 30; `['*']` is every one. Where `webhookIds` is set
   * too, both must name the sender.
   *
   * @default []
   */
  readonly organizationIds?: readonly string[];
  /**
   * Webhooks whose deliveries are trusted without a token in the URL, by `rtk-webhook-id`, which is not signed, up to 30; `['*']`
   * is every one.
   *
   * @default []
   */
  readonly webhookIds?: readonly string[];
}

/** Most items of a list of senders. */
const MAX_SENDERS = 30;

/** Maximum length of both lists of senders: they are in outputs of the stack, which have a limit of 4,096 bytes. */
const MAX_SENDERS_LENGTH = 2_400;

const listItem = z.string().regex(/^[^,\s]{1,64}$/, 'must have 1 to 64 characters and no commas or spaces');

const settings = z
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
    const message = `organizationIds and webhookIds have ${length} characters together, and may have ${MAX_SENDERS_LENGTH}`;
    issues.push({ code: 'custom', message, input: value });
  });

export const realtimekit = defineProvider(
  'realtimekit',
  settings,
  ({ secretName: name, secretKeyArn, keyUrl, organizationIds, webhookIds }) => ({
    title: 'RealtimeKit',
    runtimeFile: join(__dirname, 'runtime'),
    runtime: () => import('./runtime'),
    backfillFile: join(__dirname, 'backfill'),
    inspectsSender: true,
    backfill: () => import('./backfill'),
    cli: async () => require('./cli'),
    sandbox: () => import('./sandbox'),
    docs: () => import('./docs'),
    families: ['meeting', 'participant', 'recording', 'transcript', 'unrecognized'],
    // RealtimeKit publishes no limit; its predecessor waited three seconds.
    routes: [{ path: 'realtimekit/webhooks', id: 'RealtimekitWebhooks', takesPathToken: true, slowestMs: 2_000 }],
    options: { keyUrl, organizationIds, webhookIds } satisfies RealtimekitOptions,
    secret: { name, entries: [URL_TOKEN], keyArn: secretKeyArn },
    afterRefusal: 'RealtimeKit never sends a refused delivery again: it is lost.',
    afterFailure: 'RealtimeKit sends a delivery again after a 5xx or no answer.',
    setAside: [{ reason: 'sender_not_proved', why: 'nothing proves that a webhook of ours sent it' }],
    loads: ['key'],
    keepsRecords: true,
    metrics: [{ name: FORMER_HEADERS, title: "Deliveries with Dyte's header names" }],
    outputs: [
      ...(organizationIds.length > 0
        ? [
            {
              name: 'RealtimekitOrganizationIds',
              value: organizationIds.join(','),
              description: 'Organizations that are trusted.',
            },
          ]
        : []),
      ...(webhookIds.length > 0
        ? [{ name: 'RealtimekitWebhookIds', value: webhookIds.join(','), description: 'Webhooks that are trusted.' }]
        : []),
      { name: 'RealtimekitKeyUrl', value: keyUrl, description: "Where RealtimeKit's public key is fetched." },
    ],
  }),
);
