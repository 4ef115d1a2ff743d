/** A handler of meeting events: `npx tsx handler.ts [port]`. */
import type { MeetingEvent } from '@meetbus/events';
import { createServer } from './server';

/** Here your work begins. A download link in `data.download` lets whoever holds it fetch the file: keep it out of logs. */
async function handle({ type, subject, id }: MeetingEvent): Promise<void> {
  console.log(type, subject ?? '', id);
}

const port = Number(process.argv[2] ?? 8080);
createServer(handle).listen({ host: '127.0.0.1', port }).then(console.log);
