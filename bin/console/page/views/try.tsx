/** Try: send samples, play meetings, and let things go wrong, in the local cloud. */
import type { Playable } from '../../api/try';
import type { ViewProps } from '../app';
import { ErrorNotice } from '../parts/notice';
import { useLoaded } from '../server';
import { FaultSwitches } from '../try/faults';
import { PlayMeeting } from '../try/meeting';
import { SendDelivery } from '../try/send';
import { BrokenServers } from '../try/servers';
import './try.css';

export function Try({ place }: ViewProps) {
  const { data, error } = useLoaded<Playable>('api/try');
  return (
    <>
      <h1>Try</h1>
      <ErrorNotice error={error} />
      {data && (
        <div class="try">
          <div>
            <SendDelivery providers={data.providers} place={place} />
            <PlayMeeting providers={data.providers} />
          </div>
          <div>
            <FaultSwitches />
            <BrokenServers />
          </div>
        </div>
      )}
    </>
  );
}
