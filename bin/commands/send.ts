/** `meetbus send`: signs one sample delivery as its provider does, and sends it. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import pc from 'picocolors';
import { createSender, type OutgoingDelivery } from '../../local/sender';
import { readAddresses } from '../../local/state-files';
import { realtimekitBody, realtimekitSamples } from '../../samples/realtimekit';
import { recallBody, recallRoute, recallSamples } from '../../samples/recall';

const STATE_FOLDER = join(__dirname, '..', '..', '.meetbus');

interface Flags {
  readonly state: string;
}

/** The samples of a provider: their names, and how one is made new. */
interface Samples {
  readonly events: readonly string[];
  readonly make: (event: string) => OutgoingDelivery;
}

/** A fresh seed and the present time make every delivery a new one. */
const SAMPLES: Readonly<Record<string, Samples>> = {
  recall: {
    events: Object.keys(recallSamples),
    make: (event) => ({ route: recallRoute(event), body: recallBody(event, { seed: randomUUID(), at: new Date() }) }),
  },
  realtimekit: {
    events: Object.keys(realtimekitSamples),
    make: (event) => ({
      route: '/realtimekit/webhooks',
      body: realtimekitBody(event, { seed: randomUUID(), at: new Date() }),
    }),
  },
};

export function sendCommand(): Command {
  return new Command('send')
    .description('Sign one sample delivery as its provider does, and send it to the local cloud.')
    .addArgument(new Argument('<provider>', 'who sends').choices(Object.keys(SAMPLES)))
    .argument('[event]', 'name of the provider event; without it, the names are listed')
    .addOption(new Option('--local', 'send to the local cloud that npm start runs').makeOptionMandatory())
    .addOption(new Option('--state <folder>', "the local cloud's state folder").default(STATE_FOLDER, '.meetbus'))
    .addHelpText('after', '\nExample:\n  npx meetbus send recall bot.in_call_recording --local')
    .action(send);
}

async function send(provider: string, event: string | undefined, { state }: Flags): Promise<void> {
  const samples = SAMPLES[provider] as Samples;
  if (event === undefined) {
    console.log(samples.events.join('\n'));
    return;
  }
  if (!samples.events.includes(event)) {
    throw new Error(`There is no sample of ${event}. "npx meetbus send ${provider} --local" lists the names.`);
  }
  const deliver = await createSender(readAddresses(state));
  const { route, body } = samples.make(event);
  const { status, outcome, correlationId } = await deliver({ route, body });
  const paint = status === 200 ? pc.green : pc.red;
  console.log(`POST ${route} ${event}: ${paint(`${status} ${outcome}`)}  correlationid ${correlationId}`);
  if (status !== 200) process.exitCode = 1;
}
