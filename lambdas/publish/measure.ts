/** What is measured of a published event. */
import type { ProviderName } from '../../events';
import { LATE_AFTER_MS, METRIC } from '../platform/metric-names';
import { count, record } from '../platform/metrics';
import { memberAt } from '../providers/values';
import type { Draft } from './meeting-event';

/** Status codes with which a bot of Recall.ai begins, and with which it has ended for good. */
const BOT_LIFE: ReadonlyMap<unknown, 1 | -1> = new Map([
  ['joining_call', 1],
  ['done', -1],
  ['fatal', -1],
]);

/** 1 for an event that begins a bot or a meeting, -1 for one that ends it; undefined for every other. */
export function lifeOf({ type, data }: Pick<Draft, 'type' | 'data'>): 1 | -1 | undefined {
  if (type === 'meeting.started') return 1;
  if (type === 'meeting.ended') return -1;
  return type === 'bot.status_changed' ? BOT_LIFE.get(memberAt(data, 'status', 'code')) : undefined;
}

/** The provider says that a real-time endpoint is dead: nothing more comes for that bot. */
const isDeadEndpoint = ({ type, data }: Draft): boolean =>
  type === 'endpoint.status_changed' && memberAt(data, 'status', 'code') === 'failed';

/**
 * Records that an event is on the intake bus.
 *
 * @param delayMs milliseconds since its delivery was received; undefined where it was published before, as unrecognized:
 *   nothing was late then
 */
export function measurePublished(draft: Draft, provider: ProviderName, delayMs: number | undefined): void {
  count(METRIC.published, { type: draft.type });
  if (delayMs !== undefined) {
    record({ [METRIC.publishDelay]: delayMs, [METRIC.late]: delayMs > LATE_AFTER_MS ? 1 : 0 }, {}, { provider });
  }
  if (draft.type === 'event.unrecognized') count(METRIC.unrecognized, { provider });
  if (isDeadEndpoint(draft)) count(METRIC.deadEndpoint, { provider });
  const life = lifeOf(draft);
  if (life !== undefined) record({ [METRIC.live]: life }, { provider });
}
