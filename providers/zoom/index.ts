/** Zoom: its route, settings and secret. */
import { join } from 'node:path';
import * as z from 'zod';
import { type ChecksOf, keyArn, secretName } from '../kit/settings';
import { defineProvider } from '../provider';
import { SECRET_TOKEN } from './secret';

/** Settings for Zoom. */
export interface ZoomSettings {
  /**
   * Name of the secret in AWS Secrets Manager: `{"secretTokens":["…"]}`.
   *
   * @default "meetbus/zoom"
   */
  readonly secretName?: string;
  /**
   * ARN of the KMS key of your own that encrypts the secret; not needed for the key `aws/secretsmanager`.
   *
   * @default - no key of your own
   */
  readonly secretKeyArn?: string;
}

const settings = z.strictObject({
  secretName: secretName.default('meetbus/zoom'),
  secretKeyArn: keyArn.optional(),
} satisfies ChecksOf<ZoomSettings>);

export const zoom = defineProvider('zoom', settings, ({ secretName: name, secretKeyArn }) => ({
  title: 'Zoom',
  runtimeFile: join(__dirname, 'runtime'),
  runtime: () => import('./runtime'),
  cli: async () => require('./cli'),
  sandbox: () => import('./sandbox'),
  docs: () => import('./docs'),
  families: ['meeting', 'participant', 'recording', 'transcript', 'unrecognized'],
  // Zoom waits three seconds.
  routes: [{ path: 'zoom/webhooks', id: 'ZoomWebhooks', slowestMs: 2_000 }],
  secret: { name, entries: [SECRET_TOKEN], keyArn: secretKeyArn, isRequired: true },
  afterRefusal: 'Zoom never sends a refused delivery again: it is lost.',
  afterFailure: 'Zoom sends a delivery again 5, 25 and 85 minutes later, and then never again.',
}));
