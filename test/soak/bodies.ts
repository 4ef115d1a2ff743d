/** Bodies of deliveries: the samples, each with ids and times of its own; some that are large, some not understood. */
import { REALTIMEKIT_EVENTS, realtimekitBody } from '../../providers/realtimekit/sandbox/bodies';
import { recallBody, recallRoute, recallSamples } from '../../providers/recall/sandbox';
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

const DASHBOARD_EVENTS = Object.keys(recallSamples).filter((event) => recallRoute(event) === '/recall/webhooks');
const REALTIME_EVENTS = Object.keys(recallSamples).filter((event) => recallRoute(event) === '/recall/realtime');

/** Events whose bodies repeat for genuine changes: told apart by the id of the delivery alone. */
const REPEATING_EVENTS: ReadonlySet<string> = new Set(['calendar.update', 'livestreaming.statusUpdate']);

/** Makes bodies; no two are equal, save those of events that repeat. */
export class Bodies {
  #made = 0;

  constructor(private readonly random: Random) {}

  /** Of a Recall.ai dashboard webhook. */
  dashboard(): SampleBody {
    return this.#make(DASHBOARD_EVENTS, (event, seed) => recallBody(event, { seed, at: new Date() }));
  }

  /** Of an event of a bot's real-time endpoint. */
  realtime(bot: string): SampleBody {
    return this.#make(REALTIME_EVENTS, (event, seed) =>
      recallBody(event, { seed: bot, at: new Date(), text: `This is said once only ${seed}` }),
    );
  }

  /** Of a RealtimeKit webhook. */
  realtimekit(): SampleBody {
    return this.#make(REALTIMEKIT_EVENTS, (event, seed) => realtimekitBody(event, { seed, at: new Date() }));
  }

  #make(events: readonly string[], build: (event: string, seed: string) => object): SampleBody {
    const { random } = this;
    this.#made += 1;
    const seed = `soak-${this.#made}`;
    if (random.chance(UNRECOGNIZED_SHARE)) return unrecognized(random, seed);
    const event = random.pick(events);
    if (REPEATING_EVENTS.has(event)) {
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
