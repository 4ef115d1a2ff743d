/** Lists of senders that the operator trusts. */

/** In a list, it stands for every sender. */
export const EVERYONE = '*';

/** Whether a list holds all of these ids, and there is at least one. */
export const areListed = (list: readonly string[], ids: readonly string[]): boolean =>
  list.includes(EVERYONE) || (ids.length > 0 && ids.every((id) => list.includes(id)));
