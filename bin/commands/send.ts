/** `meetbus send`: signs sample deliveries as their provider does, and sends them. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { colors } from '../../local/colors';
import { createSender, type OutgoingDelivery, type SenderAnswer, senderTo } from '../../local/sender';
import { realtimekitBody, realtimekitSamples } from '../../samples/realtimekit';
import { recallBody, recallRoute, recallSamples } from '../../samples/recall';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment, outputOf } from '../deployment';
import { interruptible } from '../interrupt';
import { addJsonOption, type JsonFlags, printJson, startProgress } from '../output';
import { createPace } from '../pace';
import { perSecond, positiveInteger, UsageError } from '../usage';
import { KINDS, valuesOf } from './secrets/entries';
import { readSecretJson } from './secrets/store';

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
    .addArgument(new Argument('<provider>', 'who sends').choices(Object.keys(SAMPLES)))
    .argument('[event]', 'name of the provider event; without it and --file, the names are listed')
    .option('--file <body>', 'send the bytes of this file instead of a sample')
    .option('--repeat <count>', 'how many; each sample is a new one', positiveInteger, 1)
    .option('--rate <number>', 'deliveries a second, such as 20/s; as fast as they are answered without', perSecond)
    .addHelpText('after', HELP)
    .action(send);
  return addJsonOption(addDeploymentOptions(command));
}

const HELP = `
On AWS it signs with the secret in Secrets Manager, and what it sends reaches every subscriber. What RealtimeKit
sends only Cloudflare can sign: it goes to the local cloud only.
The bytes of a file are the same each time: of those that no signed id tells apart, only the first is published.

Examples:
  npx meetbus send recall --local                            list the sample events
  npx meetbus send recall bot.in_call_recording --local
  npx meetbus send realtimekit meeting.started --local --repeat 500 --rate 50/s
  npx meetbus send recall --file body.json`;

async function send(provider: string, event: string | undefined, flags: Flags): Promise<void> {
  const samples = SAMPLES[provider] as Samples;
  if (event === undefined && flags.file === undefined) {
    console.log(samples.events.join('\n'));
    return;
  }
  const next = await deliveriesOf(samples, provider, event, flags.file);
  const deployment = await findDeployment(flags);
  if (provider === 'realtimekit' && !deployment.local) {
    throw new UsageError('Only Cloudflare can sign for RealtimeKit. Send it to the local cloud: add --local.');
  }
  const deliver = deployment.local ? await createSender(deployment.local) : await awsSender(deployment);
  const sent = await interruptible((signal) => sendAll(next, deliver, flags, signal));
  if (sent.length < flags.repeat || sent.some(({ status }) => status !== 200)) process.exitCode = 1;
  if (flags.json) printJson(sent);
  else if (sent.length === 1) console.log(lineOf(event ?? flags.file ?? '', sent[0] as Sent));
  else console.log(summaryOf(sent));
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
    throw new UsageError(`There is no sample of ${name}. "npx meetbus send ${provider}" lists the names.`);
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

/** Sends as Recall.ai does, with the newest secret and token of a deployment on AWS. */
async function awsSender(deployment: Deployment) {
  const json = await readSecretJson(deployment);
  const newest = (kind: keyof typeof KINDS) => valuesOf(json, kind).findLast(KINDS[kind].isUsable);
  const [signingSecret, realtimeToken] = [newest('signing-secret'), newest('token')];
  if (signingSecret === undefined || realtimeToken === undefined) {
    throw new Error(
      `The secret ${outputOf(deployment, 'RecallSecretName')} lacks a signing secret or a token. See: npx meetbus secrets show`,
    );
  }
  return senderTo(outputOf(deployment, 'ApiUrl'), { signingSecret, realtimeToken, realtimekitPrivateKey: undefined });
}

async function sendAll(
  next: () => OutgoingDelivery,
  deliver: (delivery: OutgoingDelivery) => Promise<SenderAnswer>,
  { repeat, rate }: Flags,
  signal: AbortSignal,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const pace = createPace(rate);
  const progress = startProgress('deliveries', repeat);
  let left = repeat;
  const lane = async () => {
    while (left-- > 0) {
      await pace(1, signal);
      if (signal.aborted) return;
      const delivery = next();
      const started = performance.now();
      const answer = await deliver(delivery).catch((error: unknown) => {
        // The other lanes would send on, though the command has failed.
        left = 0;
        throw error;
      });
      sent.push({ route: delivery.route, ...answer, milliseconds: Math.round(performance.now() - started) });
      progress.update(sent.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(LANES, repeat) }, lane));
  } finally {
    progress.stop();
  }
  return sent;
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
