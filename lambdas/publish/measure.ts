/** The metrics of a published event. */
import { isSetAside } from '@meetbus/events';
import { memberAt } from '../../providers/kit/values';
import { PROBE_NAME } from '../../providers/probe/names';
import { isProbeType } from '../../providers/probe/types';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { LATE_AFTER_MS, METRIC } from '../platform/metric-names';
import { count, record } from '../platform/metrics';
import type { Draft } from './meeting-event';

/** The provider reports that a real-time endpoint is dead: no more events arrive for that bot. */
const isDeadEndpoint = ({ type, data }: Draft): boolean =>
  type === 'endpoint.status_changed' && memberAt(data, 'status', 'code') === 'failed';

/**
 * Records that the event of a delivery is on the intake bus. An alarm compares the number of these records with that of
 * accepted deliveries, so there must be one for each of them, and none for anything else: not for an event that was
 * published before as unrecognized, nor for one that a backfill has brought back.
 */
export function measureDelay(
  {
    provider,
    proof,
    reprocess,
    receivedTime,
  }: Pick<DeliveryMessage, 'provider' | 'proof' | 'reprocess' | 'receivedTime'>,
  now = Date.now(),
): void {
  // The prober measures the probe. Its events must not dilute the shares of those that subscribers get.
  if (reprocess !== undefined || proof === 'reconciled' || provider === PROBE_NAME) return;
  const delayMs = now - Date.parse(receivedTime);
  record({ [METRIC.publishDelay]: delayMs, [METRIC.late]: delayMs > LATE_AFTER_MS ? 1 : 0 }, {}, { provider });
}

/** Counts an event that is on the intake bus. */
export function measurePublished(draft: Draft, provider: string): void {
  if (isProbeType(draft.type)) return;
  count(METRIC.published, { type: draft.type });
  if (draft.type === 'event.unrecognized') {
    const reason = memberAt(draft.data, 'reason');
    if (isSetAside(reason)) count(METRIC.setAside, { provider, reason: String(reason) });
    else count(METRIC.unrecognized, { provider });
  }
  if (isDeadEndpoint(draft)) count(METRIC.deadEndpoint, { provider });
}
