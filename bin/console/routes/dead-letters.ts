/** The dead-letter queues: their messages are looked at, brought back, exported and deleted as the commands do. */
import * as z from 'zod';
import { exportMessages } from '../../commands/dlq/exported';
import { lookAt, whyOf } from '../../commands/dlq/look';
import { type DeadLetterQueue, depthsOf, QUEUE_NAMES, queuesNamed, withSqs } from '../../commands/dlq/queues';
import { checkTimes, type RedriveOptions, redriveQueues } from '../../commands/dlq/redrive-queues';
import { heldNote, notesOf, type Result } from '../../commands/dlq/report';
import { lossOf, takeOut } from '../../commands/dlq/take-out';
import type { Deployment } from '../../deployment';
import { perSecond, timeMs } from '../../usage';
import { addressedFor } from '../addressed';
import type {
  DeadLetterQueues,
  DeadLetters,
  ExportProgress,
  RedriveProgress,
  RedriveResult,
} from '../api/dead-letters';
import { follow } from '../follow';
import { asOption } from '../input';
import { ask, type ConsoleContext, type ConsoleRequest, change, read } from '../route';

const MOST_LOOKED_AT = 100;

const QUEUE = z.enum(QUEUE_NAMES);
const QUEUE_OR_ALL = z.enum([...QUEUE_NAMES, 'all']);

const LOOK = z.object({ queue: QUEUE, limit: z.coerce.number().int().min(1).max(MOST_LOOKED_AT).default(10) });
const REDRIVE = z.object({
  queue: QUEUE_OR_ALL,
  events: z.array(z.string().trim().min(1)).optional(),
  from: asOption(timeMs).optional(),
  to: asOption(timeMs).optional(),
  rate: asOption(perSecond).optional(),
  force: z.boolean().default(false),
});
const EXPORT = z.object({ queue: QUEUE_OR_ALL });
const DELETE = z.object({ queue: QUEUE, messageId: z.string().min(1) });

export const deadLetterRoutes = [
  read('/api/dead-letters', ({ deployment }) => depths(deployment)),
  read('/api/dead-letters/:queue', ({ deployment }, { params, query }) => {
    const { queue, limit } = LOOK.parse({ ...params, ...query });
    return look(deployment, oneOf(deployment, queue), limit);
  }),
  ask('/api/dead-letters/preview', (context, request) => redriven(context, request, true)),
  change('/api/dead-letters/redrive', (context, request) => redriven(context, request, false)),
  // It only reads, and it masks as the command does.
  ask('/api/dead-letters/export', ({ deployment }, { body, signal }) => {
    const queues = queuesNamed(deployment, EXPORT.parse(body).queue);
    return follow<ExportProgress>((tell) =>
      withSqs(deployment, async (sqs) => {
        // Reads no faster than the page takes.
        const onLine = (line: string) => tell({ line });
        await tell(await exportMessages({ sqs, queues, isWhole: false, signal, onLine }));
      }),
    );
  }),
  change('/api/dead-letters/delete', async ({ deployment }, { body, signal }) => {
    const { queue, messageId: id } = DELETE.parse(body);
    const queues = queuesNamed(deployment, queue);
    const notes: string[] = [];
    const onHeld = (note: string) => notes.push(note);
    try {
      // The page has asked.
      await withSqs(deployment, (sqs) => takeOut({ sqs, queues, id, signal, onHeld, isSure: async () => true }));
    } catch (error) {
      throw notes.length > 0 ? new Error([(error as Error).message, ...notes].join(' '), { cause: error }) : error;
    }
    return { deleted: id };
  }),
];

const oneOf = (deployment: Deployment, name: string): DeadLetterQueue =>
  queuesNamed(deployment, name)[0] as DeadLetterQueue;

async function depths(deployment: Deployment): Promise<DeadLetterQueues> {
  const { depths: found, whyNoAges } = await withSqs(deployment, (sqs) => depthsOf(deployment, sqs));
  return {
    queues: found.map(({ name, messages, oldestSeconds }) => ({
      ...{ name, messages },
      ...(oldestSeconds !== undefined && { oldestSeconds }),
    })),
    ...(whyNoAges !== undefined && { whyNoAges }),
  };
}

async function look(deployment: Deployment, queue: DeadLetterQueue, limit: number): Promise<DeadLetters> {
  const { shown, held, whyNot } = await lookAt(deployment, queue, { limit, withBodies: true });
  return {
    messages: shown.map((message) => {
      const { messageId, eventId, providerEvent, receivedTime, sentTime, receives, wrong, body } = message;
      return {
        ...{ messageId, eventId, providerEvent, receivedTime, sentTime, receives, body },
        why: whyOf(message, queue.sourceUrl !== undefined),
        isBroken: wrong !== undefined,
      };
    }),
    ...(held > 0 && { held: heldNote(queue.name, held) }),
    ...(whyNot !== undefined && { whyNoLogs: whyNot }),
    loss: lossOf(queue),
  };
}

function redriven({ deployment, flags }: ConsoleContext, { body, signal }: ConsoleRequest, dryRun: boolean) {
  const { queue, events, ...options } = REDRIVE.parse(body);
  const wanted = { ...options, dryRun, ...(events && events.length > 0 && { event: events }) } as RedriveOptions;
  checkTimes(wanted);
  const queues = queuesNamed(deployment, queue);
  return follow<RedriveProgress>((tell) =>
    withSqs(deployment, async (sqs) => {
      const onProgress = (seen: number, total: number) => void tell({ seen, total });
      const results = await redriveQueues(deployment, sqs, queues, wanted, { signal, onProgress });
      const notes = notesOf(results, { aborted: signal.aborted, isDryRun: dryRun }).map(await addressedFor(flags));
      await tell({ results: results.map(resultOf), notes });
    }),
  );
}

/** The notes say the rest. */
const resultOf = ({ queue, seen, wanted, moved, left }: Result): RedriveResult => ({
  queue,
  seen,
  wanted,
  moved,
  left,
});
