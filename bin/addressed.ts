/** Commands that are printed as the next step are for the Meetbus that the command before them was for. */
import { type DeploymentFlags, STATE_FOLDER } from './deployment';

/** Commands that are for a deployment, with the argument of those that always have one. */
const COMMAND = new RegExp(
  'npx meetbus (?:' +
    [
      '(?:dlq (?:delete|export|peek|redrive)|secrets (?:add|retire)|recall check|query|trace) (?:<[^>]+>|[\\w-]+)',
      'secrets set realtimekit\\b',
      '(?:dlq list|events [a-z]+|recall endpoint|secrets [a-z]+|realtimekit check)\\b',
      'realtimekit webhooks (?:create|list|replace|sync)\\b',
      '(?:doctor|replay|send|tail)\\b',
    ].join('|') +
    ')',
  'g',
);

/** Options that stand in every command that is printed. */
let options = '';

/** From now on, commands are printed for this Meetbus. */
export function addressTo({ local, state, stack, region, profile }: Partial<DeploymentFlags>): void {
  options = [
    ...(local ? [' --local'] : []),
    ...(local && state !== undefined && state !== STATE_FOLDER ? [` --state ${state}`] : []),
    ...(stack !== undefined && stack !== 'Meetbus' ? [` --stack ${stack}`] : []),
    ...(region ? [` --region ${region}`] : []),
    ...(profile ? [` --profile ${profile}`] : []),
  ].join('');
}

/** A text whose commands can be run as they stand. */
export const addressed = (text: string): string => text.replace(COMMAND, `$&${options.replaceAll('$', '$$$$')}`);
