/** Cloudflare RealtimeKit in the command line. */
import type { ProviderCli } from '../../cli';

export const cli: ProviderCli = {
  commands: [
    {
      name: 'realtimekit',
      load: async () => (await import('./command')).realtimekitCommand(),
      forDeployment: ['webhooks create', 'webhooks list', 'webhooks replace', 'webhooks sync'],
    },
  ],
  afterSet: 'Now register it with RealtimeKit: npx meetbus realtimekit webhooks sync',
  beforeRetire: async (values, force) => (await import('./unused')).checkUnused(values, force),
};
