/** Cloudflare RealtimeKit in the command line. */
import type { ProviderCli } from '../../cli';
import { trustedIn } from './trusted';

const FORGED = 'RealtimeKit did not sign it';

export const cli: ProviderCli = {
  commands: [
    {
      name: 'realtimekit',
      load: async () => (await import('./command')).realtimekitCommand(),
      forDeployment: ['webhooks create', 'webhooks list', 'webhooks replace', 'webhooks sync'],
    },
  ],
  checks: {
    'public key': {
      about: 'sender',
      look: async (deployment) => (await import('./public-key-check')).checkPublicKey(deployment),
    },
    sender: {
      // The settings may prove the sender too, so the doctor's own check of the secret would complain without reason.
      about: 'secret',
      look: async (deployment, _flags, back) => (await import('./sender-check')).checkSender(deployment, back),
    },
    webhook: {
      about: 'sender',
      look: async (deployment, { stack }) => (await import('./webhook-check')).checkWebhook(deployment, stack),
      needs: "For RealtimeKit's webhook it needs CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID.",
    },
  },
  remedies: {
    missing_header: `${FORGED}: it signs every delivery. docs/runbook.md#refused-deliveries.`,
    no_matching_key: `${FORGED}, or the setting realtimekit.keyUrl is wrong: docs/runbook.md#refused-deliveries.`,
  },
  lacks: {
    what: 'public key',
    remedy: 'Look at "public key" below, and at the setting realtimekit.keyUrl',
  },
  beforeRetire: async (values, force) => (await import('./unused')).checkUnused(values, force),
  // Older versions took in events of every customer of RealtimeKit.
  proofOfOlderEvent: () => 'sender_not_proved',
  trustedOrganizations: trustedIn,
};
