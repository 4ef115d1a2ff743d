/** A Fastify server that takes meeting events as CloudEvents in structured mode, as `npx meetbus listen` posts them. */
import { type MeetingEvent, parseMeetingEvent } from '@meetbus/events';
import Fastify, { type FastifyInstance } from 'fastify';

/**
 * The server, not started yet. It skips an event that was handled already, and answers 500 where the handler throws.
 *
 * @param handle an error means that the event was not handled: it comes again
 */
export function createServer(handle: (event: MeetingEvent) => Promise<void>): FastifyInstance {
  /** Ids of handled events. A service of your own keeps them in its database, for as long as it may replay events. */
  const handled = new Set<string>();
  const server = Fastify({ forceCloseConnections: true });
  // It reads CloudEvents in structured mode only, and answers 415 to any other content.
  const readJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(/^application\/cloudevents\+json/, { parseAs: 'string' }, readJson);
  server.post<{ Body: { id: string; type: string } }>('/events', async ({ body }, reply) => {
    if (!handled.has(body.id)) {
      await handle(parseMeetingEvent({ 'detail-type': body.type, detail: body }));
      handled.add(body.id);
    }
    return reply.code(204).send();
  });
  return server;
}
