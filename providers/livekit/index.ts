/** LiveKit: its route, settings and secret. */
import { join } from 'node:path';
import * as z from 'zod';
import { type ChecksOf, keyArn, secretName } from '../kit/settings';
import { defineProvider } from '../provider';
import { API_KEY, LIVEKIT_SECRET_NAME } from './secret';

/** Settings for LiveKit. */
export interface LiveKitSettings {
  /**
   * Name of the secret in AWS Secrets Manager: `{"apiKeys":{"<API key>":"<API secret>"}}`.
   *
   * @default "meetbus/livekit"
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
  secretName: secretName.default(LIVEKIT_SECRET_NAME),
  secretKeyArn: keyArn.optional(),
} satisfies ChecksOf<LiveKitSettings>);

export const livekit = defineProvider('livekit', settings, ({ secretName: name, secretKeyArn }) => ({
  title: 'LiveKit',
  runtimeFile: join(__dirname, 'runtime'),
  runtime: () => import('./runtime'),
  sandbox: () => import('./sandbox'),
  docs: () => import('./docs'),
  families: ['bot', 'meeting', 'participant', 'recording', 'unrecognized'],
  // LiveKit sets no limit, but it sends the events of a room one after the other, and drops what has waited for 30 seconds.
  routes: [{ path: 'livekit/webhooks', id: 'LivekitWebhooks', slowestMs: 2_000 }],
  secret: { name, entries: [API_KEY], keyArn: secretKeyArn, isRequired: true },
  afterRefusal: 'LiveKit never sends a refused delivery again: it is lost, and LiveKit logs it as sent.',
  afterFailure:
    'LiveKit tries four more times within seconds, and drops later events of the room that wait for 30 seconds.',
}));
