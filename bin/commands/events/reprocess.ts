/** `meetbus events reprocess`: sends unrecognized events to subscribers, once they are understood or their sender is known. */
import { type Command, Option } from 'commander';
import { type Deployment, type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { asOperator } from '../../operator';
import { footer, type JsonFlags, note } from '../../output';
import { readClis, readRuntimes } from '../../providers';
import { subcommand } from '../../subcommand';
import { repeated, sinceMs, sinceOption, UsageError, withChoices } from '../../usage';
import { readArchive } from './archive';
import { type DecidingProvider, decide, type LeftAside } from './decide';
import { type ArchivedDelivery, deliveryOf } from './delivery-of';
import { Outbox } from './outbox';
import { EVERY_REASON } from './reasons';
import { type Item, reportItems } from './report';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly reason?: readonly string[];
  readonly organization?: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until?: number;
  readonly dryRun?: true;
}

/** Events of this reason never go to subscribers. */
const REASONS = EVERY_REASON.filter((reason) => reason !== 'signature_required');

/** AWS says that an event may take ten minutes to reach the archive. */
const ARCHIVING_MS = 10 * 60_000;

export function reprocessCommand(): Command {
  return subcommand('reprocess', 'Bring unrecognized events to subscribers, now that they are understood.')
    .addOption(withChoices(new Option('--reason <name...>', 'only those set aside for this'), REASONS))
    .option('--organization <id>', 'an organization of yours, by its id at the provider; may be repeated', repeated)
    .addOption(sinceOption('published since, such as 3h, 30d or 2026-01-31T09:30:00Z', '24h'))
    .option('--until <time>', 'published before; now, if left out', sinceMs)
    .option('--dry-run', 'show what would be done, and do nothing')
    .addHelpText('after', footer(HELP))
    .action(reprocess);
}

const HELP = `
It reads the archive of the intake bus, and sends what this version understands
to the queues again. Consumers publish it under the id that it had. What is
still not understood is not published again, and nothing is published twice,
however often the command runs.

Some providers sign for all their customers with one key. A delivery whose
sender was not proved (sender_not_proved) is sent only if the settings trust
its organization, or if it is named here: --organization <id>. '*' is every
sender, also one that names no organization.

It writes in the operator's role, so it needs sts:AssumeRole on the output
OperatorRoleArn.

On AWS it takes two minutes at least. Ctrl-C ends it; what it has sent by then
stays sent.

Examples:
  npx meetbus events reprocess --since 3d --dry-run
  npx meetbus events reprocess --since 30d --reason unknown_event_name
  npx meetbus events reprocess --organization <id> --reason sender_not_proved`;

async function reprocess(flags: Flags): Promise<void> {
  const { since: from, until: to, dryRun } = flags;
  if (to !== undefined && to <= from) throw new UsageError('--until must be later than --since.');
  const deployment = await findDeployment(flags);
  if (!deployment.local) {
    if (Date.now() - (to ?? Date.now()) < ARCHIVING_MS) {
      note('Events of the last ten minutes may not be in the archive yet.');
    }
    note('Reading the archive, which takes two minutes at least …');
  }
  const outbox = new Outbox(deployment, dryRun ? undefined : await asOperator(deployment));
  const items = new Map<string, Item>();
  let isWhole = false;
  let failure: unknown;
  try {
    const work = createWork(await readProviders(deployment, flags), outbox, dryRun === true);
    const pattern = { 'detail-type': ['event.unrecognized'], ...reasonPattern(flags) };
    isWhole = await interruptible((signal) =>
      readArchive(
        deployment,
        { from, to, pattern },
        {
          signal,
          onEvents: async (texts) => {
            const deliveries = texts.map(deliveryOf).filter((delivery) => delivery !== undefined);
            // EventBridge may deliver an event twice. The same delivery may be there twice, for different reasons.
            const fresh = new Map(deliveries.map((one) => [`${one.eventId} ${one.reason}`, one]));
            for (const key of items.keys()) fresh.delete(key);
            await Promise.all([...fresh].map(async ([key, delivery]) => items.set(key, await work(delivery))));
          },
        },
      ),
    );
  } catch (error) {
    failure = error;
  } finally {
    outbox.close();
  }
  if (!failure || items.size > 0) {
    reportItems([...items.values()], { isWhole, isDryRun: dryRun === true }, flags);
  }
  if (failure) throw failure;
}

const reasonPattern = ({ reason }: Flags) => (reason ? { detail: { data: { reason } } } : {});

/** The providers by name. Each trusts the organizations of its settings, and those that the flags name. */
async function readProviders(
  deployment: Deployment,
  { organization = [] }: Flags,
): Promise<ReadonlyMap<string, DecidingProvider>> {
  const [runtimes, clis] = await Promise.all([readRuntimes(), readClis()]);
  const entries = [...runtimes].map(([name, runtime]) => {
    const cli = clis.get(name);
    const trusted = [...(cli?.trustedOrganizations?.(deployment) ?? []), ...organization];
    return [name, { runtime, proofOfOlderEvent: cli?.proofOfOlderEvent, trusted }] as const;
  });
  return new Map(entries);
}

/** Makes the function that handles one delivery: it decides and, unless this is a dry run, sends it. */
function createWork(providers: ReadonlyMap<string, DecidingProvider>, outbox: Outbox, isDryRun: boolean) {
  return async (delivery: ArchivedDelivery): Promise<Item> => {
    const { body: kept, reason, eventId, receivedTime } = delivery;
    const body = kept === undefined || Buffer.isBuffer(kept) ? kept : await outbox.read(kept);
    const item = { eventId, receivedTime, reason };
    if (body === undefined) return { ...item, providerEvent: '', leftAside: 'body_gone' };
    const { verdict, providerEvent, organization } = decide(providers.get(delivery.provider), delivery, body);
    const leave = (leftAside: LeftAside): Item => ({ ...item, providerEvent, organization, leftAside });
    if ('leftAside' in verdict) return leave(verdict.leftAside);
    const { becomes, family, groupId } = verdict;
    const { provider, deliveryId, correlationId, proof } = delivery;
    const message = {
      ...{ provider, providerEvent, family, deliveryId, eventId, correlationId, receivedTime },
      ...(proof !== undefined && { proof }),
      reprocess: reason,
    };
    if (!isDryRun && !(await outbox.send(message, body, groupId))) return leave('body_gone');
    return { ...item, providerEvent, organization, becomes };
  };
}
