/** Runs commands as a person does in terminals, and notes what they print, and when. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROJECT_ROOT = join(__dirname, '..', '..', '..');

/** Columns of every terminal. */
export const COLUMNS = 80;

/** Milliseconds that one waits for an output, at most. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 20;

/** Text that came at once. */
interface Chunk {
  /** Milliseconds since the recording began. */
  readonly at: number;
  readonly text: string;
  /** A command that a person types; else it is what a command prints. */
  readonly isTyped: boolean;
}

/** All terminals of a recording have the same clock. */
export class Recording {
  readonly #began = performance.now();
  readonly terminals: Terminal[] = [];

  open(rows: number): Terminal {
    const terminal = new Terminal(rows, () => performance.now() - this.#began);
    this.terminals.push(terminal);
    return terminal;
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    for (const terminal of this.terminals.toReversed()) await terminal.interrupt();
  }
}

/** One terminal, in which one command runs at a time. */
export class Terminal {
  readonly chunks: Chunk[] = [];
  #child: ChildProcess | undefined;

  constructor(
    readonly rows: number,
    private readonly now: () => number,
  ) {}

  /** What one reads in it, without colours. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is one.
    return this.chunks.map(({ text }) => text.replace(/\x1b\[[\d;]*m/g, '')).join('');
  }

  /** Starts a command: what a shell's user types. */
  start(command: string): void {
    this.#note(`${command}\n`, true);
    const child = spawn(command, {
      cwd: PROJECT_ROOT,
      shell: true,
      // A group of its own, which gets Ctrl-C as that of a terminal does.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(COLUMNS) },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#note(text, false));
    }
    this.#child = child;
  }

  /** Runs a command to its end. @throws Error with its output, if it fails */
  async run(command: string): Promise<void> {
    this.start(command);
    const [code] = await once(this.#child as ChildProcess, 'close');
    this.#child = undefined;
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${this.text}`);
  }

  /** Waits for a text. @throws Error with the output, if it does not come */
  async see(pattern: RegExp): Promise<RegExpExecArray> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
      const match = pattern.exec(this.text);
      if (match) return match;
      if (this.#child && this.#child.exitCode !== null) break;
    }
    throw new Error(`Waited in vain for ${pattern} in:\n${this.text}`);
  }

  /** Presses Ctrl-C and waits for the end; what is printed from now on is not noted. */
  async interrupt(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child?.pid || child.exitCode !== null) return;
    for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume();
    process.kill(-child.pid, 'SIGINT');
    await once(child, 'close');
  }

  #note(text: string, isTyped: boolean): void {
    this.chunks.push({ at: this.now(), text, isTyped });
  }
}
