/** The rows that a page knows. Pure functions. */
import type { DeliveryRow, LiveMessage } from '../../api/live';

/** Rows that a page keeps: as many as the server. */
const MAX_ROWS = 10_000;

/** Takes in what a message says. */
export function withMessage(known: Map<string, DeliveryRow>, { reset, rows = [] }: LiveMessage): void {
  if (reset) known.clear();
  for (const row of rows) known.set(row.id, row);
}

/** The newest rows first; older ones than are kept are forgotten. */
export function newestFirst(known: Map<string, DeliveryRow>): readonly DeliveryRow[] {
  const rows = [...known.values()].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  for (const { id } of rows.splice(MAX_ROWS)) known.delete(id);
  return rows;
}
