/** `meetbus events`: events one by one. */
import { Command } from 'commander';
import { footer } from '../output';
import { listCommand } from './events/list';
import { reprocessCommand } from './events/reprocess';
import { resendCommand } from './events/resend';
import { showCommand } from './events/show';

export function eventsCommand(): Command {
  return new Command('events')
    .description('Show what arrived, the resulting event and its receivers; resend or reprocess events.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resendCommand())
    .addCommand(reprocessCommand())
    .addHelpText('after', footer(HELP));
}

const HELP = `
Examples:
  npx meetbus events list --unrecognized             what was not understood
  npx meetbus events show <id>                       one event whole
  npx meetbus events resend <id> --rule recordings   to one rule again
  npx meetbus events reprocess --since 3d --dry-run  what is understood today`;
