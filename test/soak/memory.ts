/** Watches the memory of the local cloud's process. */
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_EVERY_MS = 2_000;

/** Megabytes in use once garbage is collected, in Node.js's heap and outside it; 0 where it could not be told. */
export interface MemoryUse {
  readonly start: number;
  readonly end: number;
  /** Resident memory at most: with the garbage, and with what the allocator has kept for later. */
  readonly peakResident: number;
}

interface Usage {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** Samples a process, without its children: the functions have processes of their own. */
export class MemoryWatch {
  #start = 0;
  #peakResident = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(private readonly inspector: Inspector) {}

  /** @param inspectorUrl where the process's inspector listens, `ws://127.0.0.1:…` */
  static async start(inspectorUrl: string): Promise<MemoryWatch> {
    const watch = new MemoryWatch(await Inspector.connect(inspectorUrl));
    watch.#start = await watch.#inUse();
    // A process that is gone is noticed elsewhere.
    watch.#timer = setInterval(() => watch.#usage().catch(() => {}), SAMPLE_EVERY_MS).unref();
    return watch;
  }

  async stop(): Promise<MemoryUse> {
    clearInterval(this.#timer);
    const end = await this.#inUse();
    this.inspector.close();
    return { start: this.#start, end, peakResident: this.#peakResident };
  }

  async #inUse(): Promise<number> {
    // What a finished request leaves is freed in steps.
    for (let times = 0; times < 3; times++) {
      await this.inspector.call('HeapProfiler.collectGarbage');
      await sleep(50);
    }
    const { heapUsed, external } = await this.#usage();
    return megabytes(heapUsed + external);
  }

  async #usage(): Promise<Usage> {
    const { result } = await this.inspector.call<{ result: { value: Usage } }>('Runtime.evaluate', {
      expression: 'process.memoryUsage()',
      returnByValue: true,
    });
    this.#peakResident = Math.max(this.#peakResident, megabytes(result.value.rss));
    return result.value;
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** A client of Node.js's inspector, which speaks the Chrome DevTools Protocol. */
class Inspector {
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #calls = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data));
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`There is no inspector at ${url}.`)));
    });
    return new Inspector(socket);
  }

  call<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#calls;
    const answered = new Promise<Result>((resolve) => this.#waiting.set(id, resolve as (result: unknown) => void));
    this.socket.send(JSON.stringify({ id, method, params }));
    return answered;
  }

  close(): void {
    this.socket.close();
  }
}
