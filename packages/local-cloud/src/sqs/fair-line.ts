/**
 * The visible messages of a fair queue: first in, first out within a message group, and the groups take turns, so
 * that a noisy one cannot starve the others. Messages without a group share one.
 */
export class FairLine<T> {
  readonly #groups = new Map<string, T[]>();
  /** Every group that has messages, once, in the order of their turns. */
  readonly #turns: string[] = [];

  push(item: T, group = ''): void {
    const line = this.#groups.get(group);
    if (line) {
      line.push(item);
    } else {
      this.#groups.set(group, [item]);
      this.#turns.push(group);
    }
  }

  /** Takes the oldest of the group whose turn it is. */
  shift(): T | undefined {
    const group = this.#turns.shift();
    if (group === undefined) return undefined;
    const line = this.#groups.get(group)!;
    const item = line.shift();
    if (line.length > 0) this.#turns.push(group);
    else this.#groups.delete(group);
    return item;
  }
}
