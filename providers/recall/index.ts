/** Recall.ai: its routes, settings and secret. */
import { join } from 'node:path';
import * as z from 'zod';
import { type ChecksOf, keyArn, secretName } from '../kit/settings';
import { defineProvider } from '../provider';
import { REALTIME_TOKEN, SIGNING_SECRET } from './secrets';
import type { RecallOptions } from './verify';

/** Settings for Recall.ai. */
export interface RecallSettings {
  /**
   * Name of the secret in AWS Secrets Manager: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`.
   *
   * @default "meetbus/recall"
   */
  readonly secretName?: string;
  /**
   * ARN of the KMS key of your own that encrypts the secret; not needed for the key `aws/secretsmanager`.
   *
   * @default - no key of your own
   */
  readonly secretKeyArn?: string;
  /**
   * Refuse real-time deliveries that have a token but no signature.
   *
   * @default false
   */
  readonly requireSignature?: boolean;
}

const settings = z.strictObject({
  secretName: secretName.default('meetbus/recall'),
  secretKeyArn: keyArn.optional(),
  requireSignature: z.boolean().default(false),
} satisfies ChecksOf<RecallSettings>);

/** After any response except 2xx, and after no response. */
const SENT_AGAIN =
  'Recall.ai sends a webhook again for 28 hours, and a real-time event 60 times, a second apart; then it gives up the endpoint.';

export const recall = defineProvider('recall', settings, ({ secretName: name, secretKeyArn, requireSignature }) => ({
  title: 'Recall.ai',
  runtimeFile: join(__dirname, 'runtime'),
  runtime: () => import('./runtime'),
  backfillFile: join(__dirname, 'backfill'),
  backfill: () => import('./backfill'),
  cli: async () => require('./cli'),
  sandbox: () => import('./sandbox'),
  docs: () => import('./docs'),
  families: ['bot', 'participant', 'recording', 'transcript', 'workspace', 'unrecognized'],
  routes: [
    // Recall.ai waits 15 seconds, and the function itself ends after ten.
    { path: 'recall/webhooks', id: 'RecallWebhooks', slowestMs: 8_000 },
    // Recall.ai sends the deliveries of a stream one after the other: a slow response delays all that follow.
    { path: 'recall/realtime', id: 'RecallRealtime', slowestMs: 1_000 },
  ],
  options: { requireSignature } satisfies RecallOptions,
  secret: { name, entries: [SIGNING_SECRET, REALTIME_TOKEN], keyArn: secretKeyArn, isRequired: true },
  afterRefusal: SENT_AGAIN,
  afterFailure: SENT_AGAIN,
  setAside: [{ reason: 'signature_required', why: 'a token alone proves live events of a call only' }],
  deadEndpoints: {
    event: 'realtime_endpoint.failed',
    meaning:
      'Recall.ai has given up a real-time endpoint: no more real-time events of that bot come, and none is replayed. Its webhooks still come.',
  },
}));
