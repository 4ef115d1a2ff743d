/** CloudWatch Logs with lines of the test's own, over HTTP: more of them than deliveries could write in a test's time. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Line {
  readonly eventId: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** Names of the log groups. */
export const GROUPS = { requests: 'requests', verifier: 'verifier', consumer: 'consumer', bus: 'shared-bus' } as const;

/** Most lines of one answer, as on AWS. */
const PAGE = 10_000;

/** A server that answers FilterLogEvents. */
export class LogSource {
  readonly #lines = new Map<string, Line[]>();
  #count = 0;
  /** Calls so far. */
  calls = 0;
  /** Name of the error that it answers as long as this is set. */
  failsWith: string | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LogSource> {
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const answer = source.#answer(JSON.parse(text));
      response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });
    const source = new LogSource(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return source;
  }

  /** What a deployment says of it: the configuration of clients, and outputs. */
  get deployment() {
    return {
      clientConfig: {
        endpoint: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      },
      outputs: {
        LogGroupNames: Object.values(GROUPS).join(','),
        RequestLogGroupNames: GROUPS.requests,
        VerifierLogGroupNames: 'Meetbus-IngressRecallWebhooksLogs',
      },
    };
  }

  add(group: string, message: object, timestamp = Date.now()): void {
    const eventId = String(this.#count++).padStart(8, '0');
    const line = { eventId, timestamp, ingestionTime: Date.now(), message: JSON.stringify(message) };
    this.#lines.set(group, [...(this.#lines.get(group) ?? []), line]);
  }

  /** Lines of deliveries that have become events, in the shapes that Meetbus logs; the last one came at this time. */
  addDeliveries(count: number, lastAt = Date.now()): void {
    const lists = Object.values(GROUPS).map((group) => [group, this.#lines.get(group) ?? []] as const);
    for (let index = 0; index < count; index++) {
      const at = lastAt - (count - index) * 10;
      for (const [group, list] of lists) {
        const eventId = String(this.#count++).padStart(8, '0');
        const message = JSON.stringify(LINES[group](index, at));
        list.push({ eventId, timestamp: at, ingestionTime: at + 90, message });
      }
    }
    for (const [group, list] of lists) this.#lines.set(group, list);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #answer(input: { logGroupName: string; startTime?: number; nextToken?: string }): object {
    this.calls += 1;
    if (this.failsWith !== undefined) return { __type: this.failsWith, message: 'Rate exceeded' };
    const { logGroupName, startTime = 0, nextToken = '0' } = input;
    const lines = (this.#lines.get(logGroupName) ?? []).filter(({ timestamp }) => timestamp >= startTime);
    const events = lines.slice(Number(nextToken), Number(nextToken) + PAGE);
    const end = Number(nextToken) + events.length;
    return { events, ...(end < lines.length && { nextToken: String(end) }) };
  }
}

const idOf = (index: number): string => `${String(index).padStart(10, '0')}Jo=`;
const eventOf = (index: number): string => index.toString(16).padStart(32, '0');
const isoOf = (at: number): string => new Date(at).toISOString();

type Shape = (index: number, at: number) => object;

/** A line of each group about one delivery. */
const LINES: Readonly<Record<(typeof GROUPS)[keyof typeof GROUPS], Shape>> = {
  requests: (index) => ({
    ...{ requestId: eventOf(index), extendedRequestId: idOf(index), method: 'POST', path: '/recall/webhooks' },
    ...{ status: '200', responseType: '-', integrationStatus: '200', latencyMs: '30', integrationLatencyMs: '26' },
    ...{ sourceIp: '192.0.2.1', userAgent: 'Svix-Webhooks/1' },
  }),
  verifier: (index, at) => ({
    ...{ level: 'INFO', message: 'delivery', timestamp: isoOf(at + 30), service: 'meetbus', provider: 'recall' },
    ...{ correlationId: idOf(index), eventId: eventOf(index), deliveryId: `msg_${index}`, providerEvent: 'bot.done' },
    ...{ family: 'bot', proof: 'signature', outcome: 'accepted', milliseconds: 20 },
  }),
  consumer: (index, at) => ({
    ...{ level: 'INFO', message: 'event', timestamp: isoOf(at + 80), service: 'meetbus', provider: 'recall' },
    ...{ family: 'bot', messageId: `m${index}`, correlationId: idOf(index), eventId: eventOf(index) },
    ...{ providerEvent: 'bot.done', type: 'bot.status_changed', standing: 'current', outcome: 'published' },
    milliseconds: 20,
  }),
  'shared-bus': (index, at) => ({
    ...{ id: eventOf(index), type: 'bot.status_changed', source: 'meetbus.recall', subject: `bot/${eventOf(index)}` },
    ...{ time: isoOf(at), receivedtime: isoOf(at + 10), providerevent: 'bot.done', deliveryid: `msg_${index}` },
    correlationid: idOf(index),
  }),
};
