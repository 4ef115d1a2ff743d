/** Bodies of deliveries: the samples, each with ids and times of its own; some that are large, some not understood. */
import type { Random } from './random';

/** A body to send. */
export interface SampleBody {
  readonly text: string;
  /** False where it must become `event.unrecognized`. */
  readonly isRecognized: boolean;
  /** Its provider sends this body again, byte for byte, for another event. */
  readonly isRepeating: boolean;
}

/** Shares of bodies that nobody has seen yet, and of bodies that do not fit into a message or an event. */
const UNRECOGNIZED_SHARE = 0.02;
const LARGE_SHARE = 0.003;

const LARGE_BYTES = [150_000, 900_000, 2_500_000] as const;

/** Makes the bodies of a provider; no two are equal, save those of events that repeat. */
export class Bodies {
  #made = 0;

  /** @param repeating events whose bodies repeat for genuine changes: told apart by the id of the delivery alone */
  constructor(
    private readonly random: Random,
    private readonly provider: string,
    private readonly repeating: ReadonlySet<string> = new Set(),
  ) {}

  /**
   * A body of one of these events.
   *
   * @param build makes it with ids that derive from the seed
   */
  make(events: readonly string[], build: (event: string, seed: string) => object): SampleBody {
    const { random } = this;
    this.#made += 1;
    const seed = `${this.provider}-soak-${this.#made}`;
    if (random.chance(UNRECOGNIZED_SHARE)) return unrecognized(random, seed);
    const event = random.pick(events);
    if (this.repeating.has(event)) {
      return { text: JSON.stringify(build(event, 'soak')), isRecognized: true, isRepeating: true };
    }
    const filler = random.chance(LARGE_SHARE) ? { filler: 'x'.repeat(random.pick(LARGE_BYTES)) } : {};
    // The seed makes every body another one: not all events hold a time or a text.
    const body = { ...build(event, seed), soak: seed, ...filler };
    return { text: JSON.stringify(body), isRecognized: true, isRepeating: false };
  }
}

function unrecognized(random: Random, seed: string): SampleBody {
  const text = random.pick([
    JSON.stringify({ event: 'meeting.teleported', soak: seed }),
    JSON.stringify({ data: { soak: seed } }),
    `event=bot.done&soak=${seed}`,
  ]);
  return { text, isRecognized: false, isRepeating: false };
}
