/** Recall.ai in the command line. */
import type { ProviderCli } from '../../cli';

const NO_TOKEN = 'The URL at Recall.ai has no good token: npx meetbus recall endpoint.';

export const cli: ProviderCli = {
  commands: [
    {
      name: 'recall',
      load: async () => (await import('./command')).recallCommand(),
      forDeployment: ['check <file>', 'endpoint'],
    },
  ],
  checks: {
    'real-time token': {
      about: 'sender',
      look: async (_deployment, _flags, back) => (await import('./token-check')).checkToken(back),
    },
    'real-time endpoints': {
      about: 'deliveries',
      look: async (_deployment, _flags, back) => (await import('./dead-endpoints-check')).checkDeadEndpoints(back),
    },
  },
  remedies: {
    no_matching_key: 'Was a secret rotated? npx meetbus secrets show; then npx meetbus secrets add signing-secret.',
    missing_token: NO_TOKEN,
    repeated_token: NO_TOKEN,
    unknown_token: NO_TOKEN,
  },
  // Without a signature, an event has no delivery id of its own.
  proofOfOlderEvent: ({ deliveryId, eventId }) => (deliveryId === eventId ? 'token' : 'signature'),
};
