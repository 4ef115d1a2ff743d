/** `meetbus events`: events of the intake bus, one by one. */
import { Command } from 'commander';
import { footer } from '../output';
import { reprocessCommand } from './events/reprocess';

export function eventsCommand(): Command {
  return new Command('events')
    .description('Events of the intake bus: what was not recognized, and how it is brought to subscribers.')
    .addCommand(reprocessCommand())
    .addHelpText('after', footer(HELP));
}

const HELP = `
Examples:
  npx meetbus events reprocess --since 3d --dry-run    what of the unrecognized events is understood today
  npx meetbus events reprocess --since 3d              bring it to the shared bus, under the same ids`;
