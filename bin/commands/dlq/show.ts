/** `meetbus dlq peek`: prints messages for a person. */

import { Argument, type Command } from 'commander';
import { colors } from '../../colors';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { printed } from '../../masked';
import { type JsonFlags, note, print, printJson } from '../../output';
import { subcommand } from '../../subcommand';
import { positiveInteger, withChoices } from '../../usage';
import { ago } from './ago';
import { lookAt, type Shown, whyOf } from './look';
import { deadLetterQueueOf, QUEUE_NAMES } from './queues';
import { heldNote } from './report';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly limit: number;
  readonly body?: true;
}

export const peekCommand = (): Command =>
  subcommand('peek', 'Look at messages, and leave them there.')
    .addArgument(withChoices(new Argument('<queue>', 'family, or republish'), QUEUE_NAMES))
    .option('--limit <count>', 'messages to look at', positiveInteger, 10)
    .option('--body', 'with what they hold, which may be personal data; credentials and links are masked')
    .action(show);

async function show(name: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const queue = deadLetterQueueOf(deployment, name);
  const { shown, held, whyNot } = await lookAt(deployment, queue, {
    limit: flags.limit,
    withBodies: flags.body === true,
  });
  if (whyNot !== undefined) note(`What the logs say of them is not known: ${whyNot}`);
  if (held > 0) {
    note(heldNote(name, held));
    process.exitCode = 1;
  }
  if (flags.json) return printJson(shown);
  if (shown.length === 0 && held === 0) console.log(`Nothing lies in the dead-letter queue of ${name}.`);
  for (const message of shown) {
    print(linesOf(message, queue.sourceUrl !== undefined).join('\n'));
    if (flags.body) console.log(printed(message.body));
    console.log('');
  }
  if (shown.length > 0) print(nextSteps(name, shown));
}

/** What to do about the messages. */
function nextSteps(name: string, shown: readonly Shown[]): string {
  const broken = shown.filter(({ wrong }) => wrong !== undefined).length;
  return [
    ...(broken < shown.length ? [`Once the cause is fixed, redrive: npx meetbus dlq redrive ${name}`] : []),
    ...(broken > 0
      ? [
          `${broken} ${broken === 1 ? 'is' : 'are'} broken, and no mending helps. Keep all: npx meetbus dlq export ${name} --to <file>`,
          'Take one out: npx meetbus dlq delete <message id>',
        ]
      : []),
  ].join('\n');
}

/** A message in some lines. Ids are not cut, because other commands need them. */
function linesOf(message: Shown, isDelivery: boolean): string[] {
  const { messageId, eventId, providerEvent, receivedTime, sentTime, receives } = message;
  const line = (title: string, text: string) => `${colors.dim(title.padEnd(9))} ${text}`;
  return [
    line('message', messageId),
    line(
      'age',
      `${sentTime === '' ? 'unknown' : ago((Date.now() - Date.parse(sentTime)) / 1000)}, received ${receives} times`,
    ),
    ...(providerEvent === '' ? [] : [line('event', providerEvent)]),
    ...(eventId === '' ? [] : [line('event id', eventId)]),
    ...(receivedTime === '' ? [] : [line('received', receivedTime)]),
    line('why', whyOf(message, isDelivery)),
  ];
}
