/** `meetbus send`: signs sample deliveries as their provider does, and sends them. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { realtimekitBody, realtimekitSamples } from '../../providers/realtimekit/sandbox';
import { recallBody, recallRoute, recallSamples } from '../../providers/recall/sandbox';
import { colors } from '../colors';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment, outputOf } from '../deployment';
import { didYouMean, sentences } from '../did-you-mean';
import { interruptible } from '../interrupt';
import { type OutgoingDelivery, readRealtimekitKey, readUrlToken, type SenderAnswer, senderTo } from '../local/sender';
import { addJsonOption, footer, type JsonFlags, print, printJson, startProgress } from '../output';
import { createPace } from '../pace';
import { perSecond, positiveInteger, UsageError, withChoices } from '../usage';
import { readNewest } from './secrets/newest';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly file?: string;
  readonly repeat: number;
  readonly rate?: number;
}

/** The samples of a provider: their names, how one is made new, and the route that an event takes. */
interface Samples {
  readonly events: readonly string[];
  readonly body: (event: string) => object;
  readonly route: (event: string) => string;
}

/** A delivery that was sent. */
interface Sent extends SenderAnswer {
  readonly route: string;
  readonly milliseconds: number;
}

/** Deliveries that are under way at the same time. */
const LANES = 8;

/** A fresh seed and the present time make every delivery a new one. */
const SAMPLES: Readonly<Record<string, Samples>> = {
  recall: {
    events: Object.keys(recallSamples),
    body: (event) => recallBody(event, { seed: randomUUID(), at: new Date() }),
    route: recallRoute,
  },
  realtimekit: {
    events: Object.keys(realtimekitSamples),
    body: (event) => realtimekitBody(event, { seed: randomUUID(), at: new Date() }),
    route: () => '/realtimekit/webhooks',
  },
};

export function sendCommand(): Command {
  const command = new Command('send')
    .description('Sign deliveries as their provider does, and send them.')
    .addArgument(withChoices(new Argument('<provider>', 'who sends'), Object.keys(SAMPLES)))
    .argument('[event]', 'name of the provider event; without it and --file, the names are listed')
    .option('--file <body>', 'send the bytes of this file instead of a sample')
    .option('--repeat <count>', 'how many; each sample is a new one', positiveInteger, 1)
    .option('--rate <number>', 'deliveries a second, such as 20/s; as fast as they are answered without', perSecond)
    .addHelpText('after', footer(HELP))
    .action(send);
  return addJsonOption(addDeploymentOptions(command));
}

const HELP = `
On AWS it signs with the secret in Secrets Manager, and what it sends reaches every subscriber. What RealtimeKit
sends only Cloudflare can sign: it goes to the local cloud only.
The bytes of a file are the same each time: of those that no signed id tells apart, only the first is published.

Examples:
  npx meetbus send recall                                    list the samples
  npx meetbus send recall bot.in_call_recording --local
  npx meetbus send realtimekit meeting.started --local --repeat 500 --rate 50/s
  npx meetbus send recall --file body.json`;

async function send(provider: string, event: string | undefined, flags: Flags): Promise<void> {
  const samples = SAMPLES[provider] as Samples;
  if (event === undefined && flags.file === undefined) {
    if (flags.json) printJson(samples.events);
    else console.log(samples.events.join('\n'));
    return;
  }
  const next = await deliveriesOf(samples, provider, event, flags.file);
  const deployment = await findDeployment(flags);
  if (provider === 'realtimekit' && !deployment.local) {
    throw new UsageError('Only Cloudflare can sign for RealtimeKit. Send it to the local cloud: add --local.');
  }
  const deliver = await senderOf(deployment);
  const { sent, failure } = await interruptible((signal) => sendAll(next, deliver, flags, signal));
  if (sent.length < flags.repeat || sent.some(({ status }) => status !== 200)) process.exitCode = 1;
  if (flags.json) printJson(sent);
  else if (flags.repeat === 1 && sent[0]) print(lineOf(event ?? flags.file ?? '', sent[0]));
  else if (sent.length > 0) console.log(summaryOf(sent));
  if (failure) throw failure;
}

/** The function that makes the next delivery. */
async function deliveriesOf(
  samples: Samples,
  provider: string,
  event: string | undefined,
  file: string | undefined,
): Promise<() => OutgoingDelivery> {
  if (event !== undefined && file !== undefined) throw new UsageError('Name a sample event or a --file, not both.');
  if (file !== undefined) {
    const body = await readFile(file).catch((error: Error) => {
      throw new UsageError(`The file cannot be read: ${error.message}`);
    });
    return () => ({ route: samples.route(eventIn(body)), body });
  }
  const name = event as string;
  if (!samples.events.includes(name)) {
    const all = `"npx meetbus send ${provider}" lists the names.`;
    throw new UsageError(sentences(`There is no sample of ${name}.`, didYouMean(name, samples.events), all));
  }
  return () => ({ route: samples.route(name), body: samples.body(name) });
}

/** The event name of a body; empty where it has none, which is no fault: Meetbus takes in whatever is signed. */
function eventIn(body: Buffer): string {
  try {
    return String(JSON.parse(body.toString()).event);
  } catch {
    return '';
  }
}

/** Sends as the providers do: with Recall.ai's newest secret and token, and the key of RealtimeKit that a local cloud has. */
async function senderOf(deployment: Deployment) {
  const { local } = deployment;
  const newest = await readNewest(deployment, 'recall');
  return senderTo(local?.apiUrl ?? outputOf(deployment, 'ApiUrl'), {
    signingSecret: () => newest('signing-secret'),
    realtimeToken: () => newest('token'),
    urlToken: local ? await readUrlToken(local.awsUrl, local.secretNames) : () => '',
    realtimekitPrivateKey: local && (await readRealtimekitKey(local.awsUrl)),
  });
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
