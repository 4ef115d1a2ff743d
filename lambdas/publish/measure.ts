/** The metrics of a published event. */
import { isSetAside } from '@meetbus/events';
import { memberAt } from '../../providers/kit/values';
import { LATE_AFTER_MS, METRIC } from '../platform/metric-names';
import { count, record } from '../platform/metrics';
import type { Draft } from './meeting-event';

/** The provider reports that a real-time endpoint is dead: no more events arrive for that bot. */
const isDeadEndpoint = ({ type, data }: Draft): boolean =>
  type === 'endpoint.status_changed' && memberAt(data, 'status', 'code') === 'failed';

/**
 * Records that an event is on the intake bus.
 *
 * @param delayMs milliseconds since its delivery was received; undefined if it was published before as unrecognized:
 *   such an event is not late
 */
export function measurePublished(draft: Draft, provider: string, delayMs: number | undefined): void {
  count(METRIC.published, { type: draft.type });
  if (delayMs !== undefined) {
    record({ [METRIC.publishDelay]: delayMs, [METRIC.late]: delayMs > LATE_AFTER_MS ? 1 : 0 }, {}, { provider });
  }
  if (draft.type === 'event.unrecognized') {
    const reason = memberAt(draft.data, 'reason');
    if (isSetAside(reason)) count(METRIC.setAside, { provider, reason: String(reason) });
    else count(METRIC.unrecognized, { provider });
  }
  if (isDeadEndpoint(draft)) count(METRIC.deadEndpoint, { provider });
}
