/** Brings trouble, phase after phase, and keeps a record of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultStatus } from '@meetbus/local-cloud/faults/faults';
import type { Meetbus } from '../support/meetbus';
import type { Random } from './random';
import type { Trouble } from './troubles';

/** A phase that has passed. */
export interface PhaseRecord {
  readonly troubles: readonly Trouble[];
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** How often each fault was injected, by `<service>.<operation>.<fault>`. */
  readonly injected: Readonly<Record<string, number>>;
}

interface PhasesOptions {
  readonly meetbus: Meetbus;
  readonly random: Random;
  readonly troubles: readonly Trouble[];
  /** How many of them come together. */
  readonly atOnce: number;
  /** How long a phase lasts, and the calm after it. */
  readonly phaseMs: number;
  readonly calmMs: number;
}

/** The troubles of a run. */
export class Phases {
  readonly past: PhaseRecord[] = [];
  /** What goes wrong now, in words. */
  now = '';
  #left: Trouble[] = [];
  readonly #begun = new Set<Trouble>();

  constructor(private readonly options: PhasesOptions) {}

  /**
   * Brings trouble until the time is up and every trouble has come once, in any order; none comes again before all have.
   */
  async run(milliseconds: number): Promise<void> {
    const { phaseMs, calmMs, troubles } = this.options;
    const end = Date.now() + milliseconds;
    await sleep(calmMs);
    while (this.#begun.size < troubles.length || Date.now() + phaseMs + calmMs <= end) {
      await this.#phase();
      await sleep(calmMs);
    }
    await sleep(Math.max(0, end - Date.now()));
  }

  async #phase(): Promise<void> {
    const troubles = this.#next();
    for (const trouble of troubles) this.#begun.add(trouble);
    const from = Date.now();
    this.now = troubles.map(({ name }) => name).join('; ');
    await this.#control('PUT', troubles);
    const begun = troubles.map(async ({ begin }) => begin?.());
    const phaseMs = Math.max(this.options.phaseMs, ...troubles.map(({ lastsMs = 0 }) => lastsMs));
    await Promise.all([sleep(phaseMs), ...begun]);
    for (const { end } of troubles) end?.();
    const { injected } = await this.#control('DELETE');
    this.past.push({ troubles, from, to: Date.now(), injected });
    this.now = '';
  }

  #next(): Trouble[] {
    const { random, troubles, atOnce } = this.options;
    if (this.#left.length === 0) this.#left = random.shuffled(troubles);
    const [first] = this.#left;
    const together = this.#left.filter(({ alone }) => !alone).slice(0, atOnce);
    const next = first?.alone ? [first] : together;
    this.#left = this.#left.filter((trouble) => !next.includes(trouble));
    return next;
  }

  async #control(method: 'PUT' | 'DELETE', troubles: readonly Trouble[] = []): Promise<FaultStatus> {
    const plan = {
      seed: Math.floor(this.options.random.next() * 2 ** 32),
      faults: troubles.flatMap(({ faults = [] }) => faults),
    };
    const response = await fetch(`${this.options.meetbus.awsUrl}/_local-cloud/faults`, {
      method,
      ...(method === 'PUT' && { body: JSON.stringify(plan) }),
    });
    if (!response.ok) throw new Error(`The fault plan was refused: ${await response.text()}`);
    return (await response.json()) as FaultStatus;
  }
}

/** Everything that was injected in all phases. */
export function totals(phases: readonly PhaseRecord[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of phases.flatMap(({ injected }) => Object.entries(injected))) {
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
