/** Watches the memory of the local cloud's process. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SAMPLE_EVERY_MS = 2_000;

/** Resident memory in megabytes. */
export interface MemoryUse {
  readonly start: number;
  readonly peak: number;
  readonly end: number;
}

const run = promisify(execFile);

/** Samples the process that `tsx` started, or the process itself if `tsx` did not start another. */
export class MemoryWatch {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  private constructor(private readonly pid: number) {
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_EVERY_MS);
  }

  /** @param pid of the process that `npm start` would be */
  static async start(pid: number): Promise<MemoryWatch> {
    const watch = new MemoryWatch(pid);
    await watch.#sample();
    return watch;
  }

  async stop(): Promise<MemoryUse> {
    clearInterval(this.#timer);
    await this.#sample();
    const samples = this.#samples;
    return { start: samples[0] ?? 0, peak: Math.max(...samples), end: samples.at(-1) ?? 0 };
  }

  async #sample(): Promise<void> {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,args=']);
    const processes = stdout.split('\n').map((line) => {
      const [, pid, ppid, rss, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), ppid: Number(ppid), megabytes: Number(rss) / 1024, args };
    });
    const cloud =
      processes.find(({ ppid, args }) => ppid === this.pid && args.includes('local/main.ts')) ??
      processes.find(({ pid }) => pid === this.pid);
    if (cloud) this.#samples.push(Math.round(cloud.megabytes));
  }
}
