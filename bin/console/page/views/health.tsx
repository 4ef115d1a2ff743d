/** How the deployment is: findings, alarms with their runbook, the flow dashboard. */
import { useState } from 'preact/hooks';
import type { Flow as FlowData } from '../../api/health';
import type { ViewProps } from '../app';
import { Alarms } from '../health/alarms';
import { Findings } from '../health/findings';
import { Flow } from '../health/flow';
import { Runbook } from '../health/runbook';
import { ErrorNotice } from '../parts/notice';
import { useLoaded } from '../server';
import './health.css';

export function Health({ about, place }: ViewProps) {
  return (
    <div class={`health ${place.about === '' ? '' : 'with-runbook'}`}>
      <div>
        <h1>Health</h1>
        <Findings about={about} />
        <Alarms section={place.about} />
        <Dashboard isLocal={about.where === 'local'} />
      </div>
      {place.about !== '' && <Runbook key={place.about} section={place.about} />}
    </div>
  );
}

const HOURS = [1, 3, 24] as const;

function Dashboard({ isLocal }: { readonly isLocal: boolean }) {
  const [hours, setHours] = useState<(typeof HOURS)[number]>(1);
  const { data, error, isLoading, reload } = useLoaded<FlowData>(`api/health/flow?hours=${hours}`);
  return (
    <section aria-busy={isLoading}>
      <h2>Flow of events</h2>
      <div class="bar">
        <fieldset class="range">
          <legend>The last</legend>
          {HOURS.map((one) => (
            <button key={one} type="button" aria-pressed={one === hours} onClick={() => setHours(one)}>
              {one} h
            </button>
          ))}
        </fieldset>
        <button type="button" onClick={reload}>
          Reload
        </button>
        {isLocal && hours > 3 && <span class="dim">The local cloud keeps metrics for 3 hours.</span>}
      </div>
      <ErrorNotice error={error} />
      {data ? <Flow data={data} /> : error === undefined && <p class="dim">Reading the dashboard …</p>}
    </section>
  );
}
