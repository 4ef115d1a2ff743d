/** Does one piece of work after the other. */
export class SerialQueue {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when the work, which must not reject, is done. */
  add(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }
}
