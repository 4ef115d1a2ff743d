/** `meetbus listen`: hands meeting events of the shared bus to a handler on this machine. */
import { Command, Option } from 'commander';
import { addDeploymentOptions, type DeploymentFlags, findDeployment, outputOf } from '../deployment';
import { interruptible } from '../interrupt';
import { addJsonOption, addWideOption, columnsFor, footer, type JsonFlags, note, type WideFlags } from '../output';
import { durationMs, positiveInteger, repeated, UsageError, wholeNumber, withChoices } from '../usage';
import { checkRemote, httpUrl, shownUrl } from './listen/address';
import { contentOf, FORMATS, type Format, MODES, type Mode, targetOf } from './listen/formats';
import { Forwarder, type Totals } from './listen/forward';
import { postTo, waitForListener } from './listen/post';
import { jsonOf, linesOf, summaryOf } from './listen/report';
import { failureOf } from './listen/verdict';
import { patternOf, type TailFilter } from './tail/pattern';
import { withTemporaryQueue } from './tail/temporary-queue';

interface Flags extends DeploymentFlags, JsonFlags, WideFlags, TailFilter {
  readonly forwardTo: URL;
  readonly format: Format;
  readonly mode?: Mode;
  readonly concurrency?: number;
  readonly retries: number;
  readonly timeout: number;
  readonly limit?: number;
  readonly verbose?: true;
  readonly allowRemote?: true;
}

/** Requests to a handler under way at the same time. An emulator of a function runs one, and refuses others. */
const CONCURRENCY: Readonly<Record<Format, number>> = { cloudevents: 5, eventbridge: 5, lambda: 1 };

/** A Lambda function may run for a quarter of an hour. */
const LONGEST_TIMEOUT_MS = 15 * 60_000;

export function listenCommand(): Command {
  const command = new Command('listen')
    .description('Hand meeting events of the shared bus to a handler on this machine, until Ctrl-C.')
    .addOption(
      new Option('--forward-to <url>', 'where to post events, such as http://localhost:8080/events (required)')
        .argParser(httpUrl)
        .makeOptionMandatory(),
    )
    .option('--type <type>', "only this type, such as bot.status_changed or 'recording.*'; may be repeated", repeated)
    .option('--subject <subject>', "only about this, such as bot/<id> or 'meeting/*'; may be repeated", repeated)
    .addOption(
      withChoices(new Option('--format <format>', 'what is posted, see below'), FORMATS).default('cloudevents'),
    )
    .addOption(withChoices(new Option('--mode <mode>', 'of cloudevents, see below (default: "structured")'), MODES))
    .option('--concurrency <count>', 'requests at a time (default: 5, and 1 for lambda)', positiveInteger)
    .option('--retries <count>', 'further attempts for an event that failed', wholeNumber, 5)
    .addOption(
      new Option('--timeout <duration>', 'how long the handler may take to answer')
        .argParser(durationMs)
        .default(durationMs('30s'), '30s'),
    )
    .option('--limit <count>', 'end after so many events', positiveInteger)
    .option('--verbose', 'show the body of every answer, not only of those that failed')
    .option('--allow-remote', 'allow an address that is not on this machine')
    .addHelpText('after', footer(HELP))
    .action(listen);
  return addWideOption(addJsonOption(addDeploymentOptions(command)));
}

const HELP = `
Formats:
  cloudevents  the event over CloudEvents' HTTP binding: whole in the body
               (--mode structured), or data in the body and attributes in
               headers (--mode binary)
  eventbridge  the envelope of EventBridge as JSON, with the event in detail
  lambda       the same, as a rule invokes a function: to the Lambda Runtime
               Interface Emulator, or to AWS SAM's with the path of a function.
               An error of the function counts as a failure

A status from 200 to 299 means that the handler took the event. Any other status, or no answer in time, is a failure: the
event comes again after 1, 2, 4, … seconds, at most 60. Other events do not wait for it. After the last retry it is given up.
If nothing listens at the address, events wait in the queue until something does, for an hour at most.

Events may come out of order, and more than once, as from any queue. The id stays the same, so remember the ids that you
have handled. Only events that are published while it runs come. Those that are left when it ends are deleted.

Events hold personal data and download links, so they only go to this machine unless --allow-remote is given.

It makes a rule on the shared bus and a queue, and deletes both when it ends. If it is killed, they stay until a listen or
tail starts a quarter of an hour later: that one deletes them. On AWS a new rule may take a minute to see its first event.
It exits with 1 if it gave up an event, or if fewer events came than --limit.

Examples:
  npx meetbus listen --forward-to http://localhost:8080/events --local
  npx meetbus listen --forward-to http://localhost:8080 --type 'recording.*'
  npx meetbus listen --forward-to http://localhost:8080 --mode binary
  npx meetbus listen --forward-to http://localhost:9000 --format lambda`;

async function listen(flags: Flags): Promise<void> {
  const { forwardTo, format, mode, timeout, retries, limit = Infinity } = flags;
  checkRemote(forwardTo, flags.allowRemote);
  if (mode !== undefined && format !== 'cloudevents') throw new UsageError('--mode is for --format cloudevents only.');
  if (timeout === 0 || timeout > LONGEST_TIMEOUT_MS)
    throw new UsageError('Give a --timeout from 1ms to 15m: a Lambda function has no longer.');
  const url = targetOf(forwardTo, format);
  const pattern = patternOf(flags);
  const deployment = await findDeployment(flags);
  const busName = outputOf(deployment, 'SharedBusName');
  await interruptible((signal) =>
    withTemporaryQueue(deployment.clientConfig, busName, pattern, async (queue) => {
      note(`Waiting for events of ${busName}, for ${shownUrl(url)} …`);
      const forwarder = new Forwarder({
        ...{ queue, retries, limit, timeoutMs: timeout },
        post: postTo(url),
        contentOf: (envelope) => contentOf(envelope, format, mode ?? 'structured'),
        failureOf: (answer) => failureOf(answer, format),
        waitForListener: (stop) => waitForListener(url, stop, () => note(downAt(url))),
        onAttempt: (attempt) =>
          console.log(flags.json ? jsonOf(attempt, flags) : linesOf(attempt, columnsFor(flags), flags)),
        concurrency: flags.concurrency ?? CONCURRENCY[format],
      });
      end(await forwarder.run(signal), limit);
    }),
  );
}

const downAt = (url: URL): string =>
  `Nothing listens at ${url.origin}. Start your handler; events wait in the queue until then.`;

function end(totals: Totals, limit: number): void {
  note(summaryOf(totals));
  const isShort = Number.isFinite(limit) && totals.delivered + totals.givenUp < limit;
  if (totals.givenUp > 0 || isShort) process.exitCode = 1;
}
