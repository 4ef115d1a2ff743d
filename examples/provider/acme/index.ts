/** Acme Rooms: its route, settings and secret. */
import { join } from 'node:path';
import { defineProvider, secretName } from 'meetbus/provider';
import * as z from 'zod';
import { SIGNING_KEY } from './secret';

/** Settings for Acme Rooms. */
export interface AcmeSettings {
  /**
   * Name of the secret in AWS Secrets Manager: `{"signingKeys":["…"]}`.
   *
   * @default "meetbus/acme"
   */
  readonly secretName?: string;
}

const settings = z.strictObject({ secretName: secretName.default('meetbus/acme') });

export const acme = defineProvider('acme', settings, ({ secretName: name }) => ({
  title: 'Acme Rooms',
  runtimeFile: join(__dirname, 'runtime'),
  // Node.js wants the ending of a file in a dynamic import.
  runtime: () => import('./runtime.js'),
  sandbox: () => import('./sandbox.js'),
  families: ['meeting', 'recording', 'unrecognized'],
  // Acme waits five seconds for an answer.
  routes: [{ path: 'acme/webhooks', id: 'AcmeWebhooks', slowestMs: 3_000 }],
  secret: { name, entries: [SIGNING_KEY], isRequired: true },
  afterRefusal: 'Acme sends a refused delivery once more after a minute, and then never again.',
  afterFailure: 'Acme tries for a day.',
}));
