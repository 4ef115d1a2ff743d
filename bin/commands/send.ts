/** `meetbus send`: signs deliveries as their provider does, or wrongly on purpose, and sends them. */
import { readFile } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import { createPace } from '../../lambdas/platform/pace';
import { type Assignment, assignmentOf } from '../assignments';
import { colors } from '../colors';
import { bytesOf, changed, deliveryOf, sampleOf } from '../deliveries';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../deployment';
import { interruptible } from '../interrupt';
import { addJsonOption, footer, type JsonFlags, print, printJson, startProgress } from '../output';
import { type Player, readSandboxes } from '../providers';
import {
  type OutgoingDelivery,
  post,
  REFUSED,
  type SenderAnswer,
  type SignedRequest,
  type Signing,
  signerTo,
} from '../sender';
import { perSecond, positiveInteger, UsageError, withChoices } from '../usage';
import { edited } from './send/editor';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly file?: string;
  readonly set?: readonly Assignment[];
  readonly edit?: true;
  readonly wrongSignature?: true;
  readonly staleTimestamp?: true;
  readonly repeat: number;
  readonly times: number;
  readonly rate?: number;
}

/** A delivery that was sent. */
interface Sent extends SenderAnswer {
  readonly route: string;
  readonly milliseconds: number;
}

/** Deliveries that are under way at the same time. */
const LANES = 8;

export async function sendCommand(): Promise<Command> {
  const players = await readSandboxes();
  const names = players.map(({ provider }) => provider.name);
  const command = new Command('send')
    .description('Sign deliveries as the provider does, and send them.')
    .addArgument(withChoices(new Argument('<provider>', 'who sends'), names))
    .argument('[event]', 'name of the provider event; without it and --file, the names are listed')
    .option('--file <body>', 'send the bytes of this file instead of a sample')
    .addOption(
      new Option(
        '--set <path=value>',
        'change a member of the body, such as data.bot.metadata.team=blue; may be repeated',
      ).argParser((text: string, before: readonly Assignment[] = []) => [...before, assignmentOf(text)]),
    )
    .option('--edit', 'change the body in an editor first: that of VISUAL or EDITOR')
    .addOption(
      new Option('--wrong-signature', 'sign with made-up keys: it must be refused').conflicts('staleTimestamp'),
    )
    .option('--stale-timestamp', 'sign with a time that is too old: it must be refused')
    .option('--repeat <count>', 'number of samples; each is a new one', positiveInteger, 1)
    .option('--times <count>', 'send each so many times: the same bytes, signature and id', positiveInteger, 1)
    .option(
      '--rate <number>',
      'deliveries per second, such as 20/s (default: each as soon as another is answered)',
      perSecond,
    )
    .addHelpText('after', footer(HELP + examplesOf(players)))
    .action(send);
  return addJsonOption(addDeploymentOptions(command));
}

const HELP = `
On AWS it signs with the secret in Secrets Manager, and what it sends reaches every subscriber. If a provider
signs with its own private key, send works only with the local cloud.

Each sample of --repeat is a new one, and becomes an event. What --times sends is the same request again, as when a
provider tries again: one event. A --file, or what --edit has saved, has the same bytes in each repeat. Unless a signed id
makes the deliveries different, only the first is published.

The path of --set has names and indexes: data.words[0].text, or data["a.b"] for an odd name. A value is JSON where it can
be, else a text. The order is --set, then --edit.

With --wrong-signature or --stale-timestamp it ends with 0 if every delivery was refused (${REFUSED}). On AWS the alarm about
refused deliveries counts them.

Examples:`;

/** One sample of each provider, and every form of the command for the first. */
function examplesOf(players: readonly Player[]): string {
  const [first = '', ...others] = players.map(
    ({ provider: { name }, sandbox: { events } }) => `${name} ${events[0]} --local`,
  );
  const [name] = first.split(' ');
  const forms = ['--repeat 500 --rate 50/s', '--times 3', '--wrong-signature', '--edit', '--set data.team=blue'];
  const examples = [
    name,
    first,
    ...forms.map((form) => `${first} ${form}`),
    `${name} --file body.json --local`,
    ...others,
  ];
  return examples.map((example) => `\n  npx meetbus send ${example}`).join('');
}

async function send(name: string, event: string | undefined, flags: Flags): Promise<void> {
  const { provider, sandbox } = (await readSandboxes()).find((one) => one.provider.name === name) as Player;
  if (event === undefined && flags.file === undefined) {
    if (flags.json) printJson(sandbox.events);
    else console.log(sandbox.events.join('\n'));
    return;
  }
  const next = await deliveriesOf({ provider, sandbox }, event, flags);
  const deployment = await findDeployment(flags);
  const signing = signingOf(flags);
  if (sandbox.server && !deployment.local && signing !== 'wrong') {
    throw new UsageError(`Only ${provider.title} can sign its deliveries. Send to the local cloud: add --local.`);
  }
  const sign = await signerTo(deployment, provider, sandbox, signing);
  const { sent, failure } = await interruptible((signal) => sendAll(next, sign, flags, signal));
  const wanted = signing === 'genuine' ? 200 : REFUSED;
  const total = flags.repeat * flags.times;
  if (sent.length < total || sent.some(({ status }) => status !== wanted)) process.exitCode = 1;
  if (flags.json) printJson(sent);
  else if (total === 1 && sent[0]) print(lineOf(event ?? flags.file ?? '', sent[0], wanted));
  else if (sent.length > 0) console.log(summaryOf(sent, wanted));
  if (failure) throw failure;
}

function signingOf({ wrongSignature, staleTimestamp }: Flags): Signing {
  if (wrongSignature) return 'wrong';
  return staleTimestamp ? 'stale' : 'genuine';
}

/** The function that makes the next delivery. */
async function deliveriesOf(
  player: Player,
  event: string | undefined,
  { file, set = [], edit }: Flags,
): Promise<() => Promise<OutgoingDelivery>> {
  if (event !== undefined && file !== undefined) throw new UsageError('Name a sample event or a --file, not both.');
  const read = file === undefined ? undefined : await readDelivery(player, file);
  const next = () => changed(player, read ?? sampleOf(player, event as string), set);
  const first = await next();
  if (!edit) return next;
  const saved = await deliveryOf(player, await edited(bytesOf(first)));
  return async () => saved;
}

async function readDelivery(player: Player, file: string): Promise<OutgoingDelivery> {
  const body = await readFile(file).catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`);
  });
  return deliveryOf(player, body);
}

/** Sends until all is sent, the signal, or the first failure; what was answered by then is told in any case. */
async function sendAll(
  next: () => Promise<OutgoingDelivery>,
  sign: (delivery: OutgoingDelivery) => SignedRequest,
  { repeat, times, rate }: Flags,
  signal: AbortSignal,
): Promise<{ readonly sent: readonly Sent[]; readonly failure: unknown }> {
  const sent: Sent[] = [];
  let failure: unknown;
  const pace = createPace(rate);
  const progress = startProgress('deliveries', repeat * times);
  let left = repeat;
  const lane = async () => {
    while (left-- > 0) {
      let request: SignedRequest | undefined;
      // One after the other, as a provider tries again.
      for (let time = 0; time < times; time++) {
        await pace(1, signal);
        if (signal.aborted || failure) return;
        request ??= sign(await next());
        const started = performance.now();
        const answer = await post(request);
        sent.push({ route: request.route, ...answer, milliseconds: Math.round(performance.now() - started) });
        progress.update(sent.length);
      }
    }
  };
  const lanes = Array.from({ length: Math.min(LANES, repeat) }, () =>
    lane().catch((error: unknown) => {
      failure ??= error;
    }),
  );
  await Promise.all(lanes);
  progress.stop();
  return { sent, failure };
}

const paint = (isWanted: boolean, text: string): string => (isWanted ? colors.green : colors.red)(text);

const lineOf = (what: string, { route, status, outcome, correlationId }: Sent, wanted: number): string =>
  `POST ${route} ${what}: ${paint(status === wanted, `${status} ${outcome}`)}  correlationid ${correlationId}`;

/** How many got which answer, and how long they took. */
function summaryOf(sent: readonly Sent[], wanted: number): string {
  const times = sent.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const lines = [...Map.groupBy(sent, ({ status, outcome }) => `${status} ${outcome}`)].map(
    ([answer, group]) => `${paint(group[0]?.status === wanted, answer)}: ${group.length}`,
  );
  return [...lines, `answered in ${at(0.5)} ms (median), ${at(0.99)} ms (99 %)`].join('\n');
}
