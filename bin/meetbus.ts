#!/usr/bin/env tsx
/** `npx meetbus`: the command line. */
import { Command } from 'commander';
import { version } from '../package.json';
import { sendCommand } from './commands/send';

const program = new Command('meetbus')
  .description('Meetbus takes in the webhooks of meeting platforms and publishes them as meeting events.')
  .version(version)
  .addCommand(sendCommand());

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
