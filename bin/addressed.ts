/** A command that is printed as the next step gets the options of the one that prints it: both are for the same Meetbus. */
import { type DeploymentFlags, STATE_FOLDER } from './deployment';

/**
 * The general commands that take the options of a deployment, each with the arguments after which these stand. A test compares
 * the list with the commands: to load them all takes too long for printing a line.
 */
export const FOR_DEPLOYMENT: readonly string[] = [
  'backfill <provider>',
  'console',
  'dlq delete <id>',
  'dlq export <queue>',
  'dlq list',
  'dlq peek <queue>',
  'dlq redrive <queue>',
  'doctor',
  'events list',
  'events reprocess',
  'events resend',
  'events show',
  'listen',
  'query <name>',
  'replay',
  'secrets add <kind> [provider]',
  'secrets retire <fingerprint>',
  'secrets set [provider]',
  'secrets show [provider]',
  'send',
  'tail',
  'trace <id>',
];

/** What the providers add to the commands. */
export interface ProviderWords {
  /** Their names. */
  readonly names: readonly string[];
  /** Their own commands that take the options of a deployment, such as `acme check <file>`. */
  readonly commands: readonly string[];
}

const NONE: ProviderWords = { names: [], commands: [] };

let current = (text: string): string => text;

/** From now on, commands are printed for this Meetbus. */
export function addressTo(flags: Partial<DeploymentFlags>, words?: ProviderWords): void {
  current = addressedTo(flags, words);
}

/** A text whose commands can be run as they stand. */
export const addressed = (text: string): string => current(text);

/** Makes the function that writes commands in texts for one Meetbus. */
export function addressedTo(
  { local, state, stack, region, profile }: Partial<DeploymentFlags>,
  words: ProviderWords = NONE,
): (text: string) => string {
  const options = [
    ...(local ? [' --local'] : []),
    ...(local && state !== undefined && state !== STATE_FOLDER ? [` --state ${state}`] : []),
    ...(stack !== undefined && stack !== 'Meetbus' ? [` --stack ${stack}`] : []),
    ...(region ? [` --region ${region}`] : []),
    ...(profile ? [` --profile ${profile}`] : []),
  ].join('');
  const pattern = patternOf(words);
  return (text) => text.replace(pattern, `$&${options.replaceAll('$', '$$$$')}`);
}

function patternOf({ names, commands }: ProviderWords): RegExp {
  const provider = names.length > 0 ? `(?: (?:${names.join('|')})\\b)?` : '';
  const all = [...FOR_DEPLOYMENT, ...commands].map((command) =>
    `${command}\\b`
      .replace(/ \[provider\]\\b/, `\\b${provider}`)
      .replace(/>\\b$/, '>')
      .replace(/<[^>]+>/g, '(?:<[^>]+>|[\\w-]+)'),
  );
  return new RegExp(`npx meetbus (?:${all.join('|')})`, 'g');
}
