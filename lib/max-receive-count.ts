/**
 * Failures before a message is dead-lettered: with the visibility timeout of its queue, a failure has a quarter of an hour to
 * pass.
 */
export const MAX_RECEIVE_COUNT = 5;
