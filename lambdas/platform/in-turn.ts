/** Runs work one after the other, however many ask at the same time. */

/** Makes the function that runs work in the order in which it is asked for. */
export function createInTurn(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
}
