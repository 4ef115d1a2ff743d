/** The dashboard of a quarter of an hour, with an outage in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { drawDashboard } from '../dashboard/draw';
import { withMeetbus } from './running';
import { setFaults, withTraffic } from './traffic';

const MINUTE_MS = 60_000;

/** What fails from which minute on. */
const FAULTS: readonly { readonly minute: number; readonly faults: readonly FaultRule[] }[] = [
  { minute: 3, faults: [{ service: 'events', fault: 'down', functionName: 'Consumer' }] },
  { minute: 5, faults: [] },
  { minute: 9.5, faults: [{ service: 'dynamodb', fault: 'throttle', rate: 0.5, functionName: 'Ingress' }] },
  { minute: 12, faults: [] },
];
const MINUTES = 14;

/**
 * Draws `flow-….webp` and `flow-more-….webp`, which takes {@link MINUTES} minutes.
 *
 * @param out the folder for the pictures
 */
export const drawFlow = (out: string): Promise<void> =>
  withMeetbus(({ deployment, awsUrl, state }) =>
    withTraffic(deployment, async () => {
      let minute = 0;
      for (const next of FAULTS) {
        await sleep((next.minute - minute) * MINUTE_MS);
        await setFaults(awsUrl, next.faults);
        minute = next.minute;
      }
      await sleep((MINUTES - minute) * MINUTE_MS);
      await drawDashboard({ state, dashboard: 'flow', minutes: MINUTES, out });
    }),
  );
