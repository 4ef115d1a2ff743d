/** One event: what the logs tell, what the archive has, and sending it again. */
import * as z from 'zod';
import { durationMs } from '../../usage';
import type { ArchiveMessage } from '../api/event';
import { lookUp, lookUpArchived, pageOf } from '../event/look';
import { resend } from '../event/resend';
import { type ConsoleRequest, change, read } from '../route';

const SINCE = z.enum(['24h', '7d', '30d']).default('24h');

/** When to look from, in milliseconds since 1970. */
const sinceOf = ({ query }: ConsoleRequest): number => Date.now() - durationMs(SINCE.parse(query.since));

const RESEND = z.object({ rule: z.string(), bus: z.enum(['shared', 'intake']) });

export const eventRoutes = [
  read('/api/events/:id', ({ deployment }, request) => pageOf(deployment, request.params.id ?? '', sinceOf(request))),

  // It makes a temporary rule and a temporary queue, and starts a replay.
  change('/api/events/:id/archive', async function* ({ deployment }, request): AsyncGenerator<ArchiveMessage> {
    yield { state: 'reading' };
    const told = await lookUp(deployment, request.params.id ?? '', sinceOf(request));
    const archived = await lookUpArchived(deployment, told, request.signal);
    yield { state: 'read', ...(archived && { archived }) };
  }),

  change('/api/events/:id/resend', async function* ({ deployment }, request) {
    const wish = RESEND.parse(request.body);
    const told = await lookUp(deployment, request.params.id ?? '', sinceOf(request));
    yield* resend(deployment, told, wish, request.signal);
  }),
];
