/** A misspelt name is wrong usage, of whatever it is the name: the command says what may have been meant, and does nothing. */
import type { Command } from 'commander';
import { programFor } from '../../bin/program';

/** Lets a command print nothing: what it has to say is in the error. */
function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  for (const child of command.commands) silence(child);
}

it.each([
  ['a command', 'doctr', 'doctor'],
  ['a subcommand', 'dlq redriv all', 'redrive'],
  ['an option', 'tail --typ x', '--type'],
  ['an option of send', 'send recall bot.done --wrong-signatur', '--wrong-signature'],
  ['a provider', 'send recal', 'recall'],
  ['a provider by its beginning', 'send li', 'livekit'],
  ['a provider with an API', 'backfill recal', 'recall'],
  ['a provider with a secret', 'secrets show zom', 'zoom'],
  ['a provider of events', 'events list --provider reall', 'recall'],
  ['an event', 'send recall bot.don', 'bot.done'],
  ['an event by its beginning', 'send recall bot.fat', 'bot.fatal'],
  ['a real-time event', 'recall endpoint --events transcript.dta', 'transcript.data'],
  ['an event of a webhook', 'realtimekit webhooks create --event meeting.startd', 'meeting.started'],
  ['a type', 'tail --type recording.redy', 'recording.ready'],
  ['a type to hand on', 'listen --forward-to http://localhost:1 --type recording.redy', 'recording.ready'],
  ['a type to list', 'events list --type recording.redy', 'recording.ready'],
  ['a queue', 'dlq peek transcrit', 'transcript'],
  ['all queues', 'dlq redrive al', 'all'],
  ['a queue to export', 'dlq export trans', 'transcript'],
  ['a saved query', 'query refusals-by-reson', 'refusals-by-reason'],
  ['a kind of secret', 'secrets add signing-secrt', 'signing-secret'],
  ['a kind that another provider has', 'secrets add secret-token livekit', ''],
  ['a format', 'listen --forward-to http://localhost:1 --format lamda', 'lambda'],
  ['a reason', 'events list --reason schema_mismach', 'schema_mismatch'],
  ['a reason to reprocess', 'events reprocess --reason unknown_event', 'unknown_event_name'],
  ['a bus', 'replay --bus shard', 'shared'],
  ['an option of a provider', 'local --option realtimekit.keyUrll=x', 'realtimekit.keyUrl'],
  ['a shell', 'completion fis', 'fish'],
])('%s: %s', async (_, line, meant) => {
  const program = await programFor(line.split(' ')[0]);
  silence(program);
  const question = meant === '' ? 'It has: api-key.' : `Did you mean ${meant}?`;
  await expect(program.parseAsync(line.split(' '), { from: 'user' })).rejects.toThrow(question);
});
