/** Recall.ai in the command line. */
import type { ProviderCli } from '../../cli';

export const cli: ProviderCli = {
  commands: [
    {
      name: 'recall',
      load: async () => (await import('./command')).recallCommand(),
      forDeployment: ['check <file>', 'endpoint'],
    },
  ],
};
