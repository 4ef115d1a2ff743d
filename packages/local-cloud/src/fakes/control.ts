/** `GET`, `PUT` and `DELETE /_local-cloud/fakes` on the AWS endpoint: which fakes are broken, and how. */
import { type HttpAnswer, json } from '../http-answer';
import type { BreakableFake } from './fakes';

export const FAKES_PATH = '/_local-cloud/fakes';

/** A fake that can be broken, as {@link FAKES_PATH} shows it. */
export interface FakeStatus {
  readonly name: string;
  /** The ways in which it can be broken. */
  readonly ways: readonly string[];
  /** The way in which it is broken; null if it works. */
  readonly broken: string | null;
}

/** The fakes that can be broken. All of them work at first. */
export class Fakes {
  readonly #broken = new Map<string, string>();

  constructor(private readonly all: readonly BreakableFake[]) {}

  status(): { readonly fakes: readonly FakeStatus[] } {
    const fakes = this.all.map(({ name, ways }) => ({ name, ways, broken: this.#broken.get(name) ?? null }));
    return { fakes };
  }

  /** Answers a request to {@link FAKES_PATH}; each answer is the status of all fakes, or `{ error }`. */
  async answer(method: string, body: Buffer): Promise<HttpAnswer> {
    switch (method) {
      case 'GET':
        return json(200, this.status());
      case 'PUT':
        return this.#put(body);
      case 'DELETE':
        for (const fake of this.all) await this.#set(fake, null);
        return json(200, this.status());
      default:
        return json(405, { error: `${FAKES_PATH} takes GET, PUT and DELETE.` });
    }
  }

  async #put(body: Buffer): Promise<HttpAnswer> {
    const changes = Object.entries(parsed(body) ?? {});
    for (const [name, way] of changes) {
      const { ways } = this.all.find((fake) => fake.name === name) ?? {};
      if (!ways) return json(400, { error: `There is no fake ${name} that can be broken. ${this.#names()}` });
      if (way === null || ways.includes(way as string)) continue;
      return json(400, { error: `${name} can be broken by ${ways.join(', ')}. With null it works again.` });
    }
    if (changes.length === 0) return json(400, { error: `Send { "<name>": "<way>" }. ${this.#names()}` });
    for (const fake of this.all) {
      const way = changes.find(([name]) => name === fake.name)?.[1];
      if (way !== undefined) await this.#set(fake, way as string | null);
    }
    return json(200, this.status());
  }

  async #set(fake: BreakableFake, way: string | null): Promise<void> {
    await fake.break(way ?? undefined);
    if (way === null) this.#broken.delete(fake.name);
    else this.#broken.set(fake.name, way);
  }

  #names(): string {
    return this.all.length === 0 ? 'There is none here.' : `There are: ${this.all.map(({ name }) => name).join(', ')}.`;
  }
}

/** The object in a body; undefined for anything else. */
function parsed(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
