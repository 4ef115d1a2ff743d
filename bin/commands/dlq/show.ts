/** `meetbus dlq peek`: prints messages for a person. */

import { Argument, type Command } from 'commander';
import { colors } from '../../colors';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { printed } from '../../masked';
import { type JsonFlags, note, print, printJson } from '../../output';
import { subcommand } from '../../subcommand';
import { positiveInteger, withChoices } from '../../usage';
import { ago } from './ago';
import { type MessageSummary, readBody, summaryOf } from './messages';
import { peek } from './peek';
import { deadLetterQueueOf, QUEUE_NAMES, withSqs } from './queues';
import { heldNote } from './report';
import { failuresOf } from './why';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly limit: number;
  readonly body?: true;
}

/** A message with the reason why it is there, and its content if requested. */
type Shown = MessageSummary & { readonly failure?: string; readonly body?: unknown };

export const peekCommand = (): Command =>
  subcommand('peek', 'Look at messages, and leave them there.')
    .addArgument(withChoices(new Argument('<queue>', 'family, or republish'), QUEUE_NAMES))
    .option('--limit <count>', 'messages to look at', positiveInteger, 10)
    .option('--body', 'with what they hold, which may be personal data; credentials and links are masked')
    .action(show);

async function show(name: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const queue = deadLetterQueueOf(deployment, name);
  const { messages, held } = await withSqs(deployment, (sqs) => peek(sqs, queue.url, flags.limit));
  const summaries = messages.map((message) => summaryOf(message, queue));
  const { byMessage, whyNot } =
    queue.sourceUrl === undefined ? { byMessage: new Map() } : await failuresOf(deployment, name, summaries);
  const shown = await Promise.all(
    summaries.map(async (summary, index): Promise<Shown> => {
      const failure = byMessage.get(summary.messageId);
      const body = flags.body && (await readBody(messages[index] ?? {}, queue, deployment.clientConfig));
      return { ...summary, ...(failure !== undefined && { failure }), ...(flags.body && { body }) };
    }),
  );
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
    ...(broken < shown.length ? [`Once the cause is mended, bring back: npx meetbus dlq redrive ${name}`] : []),
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

/** Why it was dead-lettered; a defect of the message itself comes first, because nothing else can fix it. */
function whyOf({ wrong, failure, error }: Shown, isDelivery: boolean): string {
  const logged = failure && `Its consumer failed with ${failure}`;
  const known = [wrong, logged, error].filter((text) => text !== undefined);
  if (known.length > 0) return known.join(' ');
  return isDelivery
    ? 'No line of its consumer tells: it ran out of time, was killed, or its lines are gone (setting logDays).'
    : 'EventBridge does not say.';
}
