/** The routes: one entry for each verifier. A new provider is a new entry here. */
import type { ProviderName } from '@meetbus/events';
import type { ProviderIntake } from '../providers/provider';
import { realtimekitIntake } from '../providers/realtimekit/intake';
import { recallIntake } from '../providers/recall/intake';
import type { Configuration } from './configuration';

/** A route of the HTTP API and the verifier behind it. */
export interface Route {
  /** Path below the API's root. */
  readonly path: string;
  /** The URL may end with a token: the same verifier answers at `<path>/{token}` too. */
  readonly takesPathToken?: true;
  /** Construct id of the verifier. */
  readonly id: string;
  /** File of the verifier below `lambdas/verifiers/`, without its ending. */
  readonly verifier: string;
  readonly provider: ProviderIntake;
  /** What the provider is called among people. */
  readonly title: string;
  /** Milliseconds that the slowest hundredth of answers may take. */
  readonly slowestMs: number;
  /** Environment variables of the verifier, beside those that all have. */
  readonly environment: (configuration: Configuration) => Readonly<Record<string, string>>;
  /** The verifier keeps public keys in the table. */
  readonly keepsKeys?: true;
  /** Name of the secret that the verifier reads. */
  readonly secretName?: (configuration: Configuration) => string;
  /** ARN of the key that encrypts it, where that is the operator's own. */
  readonly secretKeyArn?: (configuration: Configuration) => string | undefined;
}

const recall = {
  provider: recallIntake,
  title: 'Recall.ai',
  secretName: (configuration: Configuration) => configuration.recall.secretName,
  secretKeyArn: (configuration: Configuration) => configuration.recall.secretKeyArn,
};

export const ROUTES: readonly Route[] = [
  {
    ...recall,
    path: 'recall/webhooks',
    id: 'RecallWebhooks',
    verifier: 'recall-webhooks',
    // Recall.ai waits 15 seconds, and the verifier itself ends after ten.
    slowestMs: 8_000,
    environment: (configuration) => ({ RECALL_SECRET_NAME: configuration.recall.secretName }),
  },
  {
    ...recall,
    path: 'recall/realtime',
    id: 'RecallRealtime',
    verifier: 'recall-realtime',
    // The deliveries of a stream are sent one after the other: a slow answer holds up all that follow.
    slowestMs: 1_000,
    environment: ({ recall: { secretName, requireSignature } }) => ({
      RECALL_SECRET_NAME: secretName,
      RECALL_REQUIRE_SIGNATURE: String(requireSignature),
    }),
  },
  {
    path: 'realtimekit/webhooks',
    takesPathToken: true,
    id: 'RealtimekitWebhooks',
    verifier: 'realtimekit-webhooks',
    provider: realtimekitIntake,
    title: 'RealtimeKit',
    // RealtimeKit publishes no limit; its predecessor waited three seconds.
    slowestMs: 2_000,
    keepsKeys: true,
    secretName: ({ realtimekit }) => realtimekit.secretName,
    secretKeyArn: ({ realtimekit }) => realtimekit.secretKeyArn,
    environment: ({ realtimekit: { secretName, keyUrl, organizationIds, webhookIds } }) => ({
      REALTIMEKIT_SECRET_NAME: secretName,
      REALTIMEKIT_KEY_URL: keyUrl,
      REALTIMEKIT_ORGANIZATION_IDS: organizationIds.join(','),
      REALTIMEKIT_WEBHOOK_IDS: webhookIds.join(','),
    }),
  },
];

/** What a provider is called among people; its name where it has no route. */
export const titleOf = (provider: ProviderName): string =>
  ROUTES.find((route) => route.provider.name === provider)?.title ?? provider;
