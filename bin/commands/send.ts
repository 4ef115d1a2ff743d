/** `meetbus send`: signs sample deliveries as their provider does, and sends them. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { createPace } from '../../lambdas/platform/pace';
import { readBody } from '../../providers/kit/body';
import { colors } from '../colors';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../deployment';
import { didYouMean, sentences } from '../did-you-mean';
import { interruptible } from '../interrupt';
import { addJsonOption, footer, type JsonFlags, print, printJson, startProgress } from '../output';
import { type Player, readSandboxes } from '../providers';
import { type OutgoingDelivery, type SenderAnswer, senderTo } from '../sender';
import { perSecond, positiveInteger, UsageError, withChoices } from '../usage';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly file?: string;
  readonly repeat: number;
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
    .option('--repeat <count>', 'number of deliveries; each sample is a new one', positiveInteger, 1)
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
A --file sends the same bytes each time. Unless a signed id makes each delivery different, only the first is published.

Examples:`;

/** One sample of each provider, and every form of the command for the first. */
function examplesOf(players: readonly Player[]): string {
  const [first = '', ...others] = players.map(
    ({ provider: { name }, sandbox: { events } }) => `${name} ${events[0]} --local`,
  );
  const [name] = first.split(' ');
  const examples = [name, first, `${first} --repeat 500 --rate 50/s`, `${name} --file body.json --local`, ...others];
  return examples.map((example) => `\n  npx meetbus send ${example}`).join('');
}

async function send(name: string, event: string | undefined, flags: Flags): Promise<void> {
  const { provider, sandbox } = (await readSandboxes()).find((one) => one.provider.name === name) as Player;
  if (event === undefined && flags.file === undefined) {
    if (flags.json) printJson(sandbox.events);
    else console.log(sandbox.events.join('\n'));
    return;
  }
  const next = await deliveriesOf({ provider, sandbox }, event, flags.file);
  const deployment = await findDeployment(flags);
  if (sandbox.server && !deployment.local) {
    throw new UsageError(`Only ${provider.title} can sign its deliveries. Send to the local cloud: add --local.`);
  }
  const deliver = await senderTo(deployment, provider, sandbox);
  const { sent, failure } = await interruptible((signal) => sendAll(next, deliver, flags, signal));
  if (sent.length < flags.repeat || sent.some(({ status }) => status !== 200)) process.exitCode = 1;
  if (flags.json) printJson(sent);
  else if (flags.repeat === 1 && sent[0]) print(lineOf(event ?? flags.file ?? '', sent[0]));
  else if (sent.length > 0) console.log(summaryOf(sent));
  if (failure) throw failure;
}

/** The function that makes the next delivery. A fresh seed and the current time make every sample a new one. */
async function deliveriesOf(
  { provider, sandbox }: Player,
  event: string | undefined,
  file: string | undefined,
): Promise<() => OutgoingDelivery> {
  if (event !== undefined && file !== undefined) throw new UsageError('Name a sample event or a --file, not both.');
  if (file !== undefined) {
    const body = await readFile(file).catch((error: Error) => {
      throw new UsageError(`The file cannot be read: ${error.message}`);
    });
    const { runtime } = await provider.runtime();
    // Whatever is signed is sent, also a body without an event name.
    const route = sandbox.routeOf(readBody(body, runtime).event ?? '');
    return () => ({ route, body });
  }
  const name = event as string;
  if (!sandbox.events.includes(name)) {
    const all = `"npx meetbus send ${provider.name}" lists the names.`;
    throw new UsageError(sentences(`There is no sample of ${name}.`, didYouMean(name, sandbox.events), all));
  }
  return () => ({ route: sandbox.routeOf(name), body: sandbox.body(name, { seed: randomUUID(), at: new Date() }) });
}

/** Sends until all is sent, the signal, or the first failure; what was answered by then is told in any case. */
async function sendAll(
  next: () => OutgoingDelivery,
  deliver: (delivery: OutgoingDelivery) => Promise<SenderAnswer>,
  { repeat, rate }: Flags,
  signal: AbortSignal,
): Promise<{ readonly sent: readonly Sent[]; readonly failure: unknown }> {
  const sent: Sent[] = [];
  let failure: unknown;
  const pace = createPace(rate);
  const progress = startProgress('deliveries', repeat);
  let left = repeat;
  const lane = async () => {
    while (left-- > 0) {
      await pace(1, signal);
      if (signal.aborted || failure) return;
      const delivery = next();
      const started = performance.now();
      const answer = await deliver(delivery);
      sent.push({ route: delivery.route, ...answer, milliseconds: Math.round(performance.now() - started) });
      progress.update(sent.length);
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

const paint = (status: number, text: string): string => (status === 200 ? colors.green : colors.red)(text);

const lineOf = (what: string, { route, status, outcome, correlationId }: Sent): string =>
  `POST ${route} ${what}: ${paint(status, `${status} ${outcome}`)}  correlationid ${correlationId}`;

/** How many got which answer, and how long they took. */
function summaryOf(sent: readonly Sent[]): string {
  const times = sent.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const lines = [...Map.groupBy(sent, ({ status, outcome }) => `${status} ${outcome}`)].map(
    ([answer, group]) => `${paint(group[0]?.status ?? 0, answer)}: ${group.length}`,
  );
  return [...lines, `answered in ${at(0.5)} ms (median), ${at(0.99)} ms (99 %)`].join('\n');
}
