/** Watches the memory of the local cloud's process. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SAMPLE_EVERY_MS = 2_000;

/** Resident memory in megabytes; 0 where it could not be told. */
export interface MemoryUse {
  readonly start: number;
  readonly peak: number;
  readonly end: number;
}

const run = promisify(execFile);

/** Samples a process, without its children: the functions have processes of their own. */
export class MemoryWatch {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  private constructor(private readonly pid: number) {
    // A process that is gone is noticed elsewhere.
    this.#timer = setInterval(() => this.#sample().catch(() => {}), SAMPLE_EVERY_MS).unref();
  }

  static async start(pid: number): Promise<MemoryWatch> {
    const watch = new MemoryWatch(pid);
    await watch.#sample();
    return watch;
  }

  async stop(): Promise<MemoryUse> {
    clearInterval(this.#timer);
    await this.#sample();
    const samples = this.#samples;
    return { start: samples[0] ?? 0, peak: Math.max(0, ...samples), end: samples.at(-1) ?? 0 };
  }

  async #sample(): Promise<void> {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(this.pid)]);
    this.#samples.push(Math.round(Number(stdout) / 1024));
  }
}
