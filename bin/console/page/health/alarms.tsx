/** The alarms, those that fire first, each with a link to its section of the runbook. */
import type { Alarm, Alarms as Found } from '../../api/health';
import { linkTo } from '../location';
import { Badge, type Tone } from '../parts/badge';
import { ErrorNotice } from '../parts/notice';
import { Table } from '../parts/table';
import { When } from '../parts/when';
import { useLoaded } from '../server';

const STATES: Readonly<Record<Alarm['state'], readonly [tone: Tone, word: string]>> = {
  ALARM: ['bad', 'firing'],
  OK: ['good', 'ok'],
  INSUFFICIENT_DATA: ['warn', 'no data'],
};

/** @param section of the runbook that is open */
export function Alarms({ section }: { readonly section: string }) {
  const { data, error, isLoading, reload } = useLoaded<Found>('api/health/alarms');
  const firing = data?.alarms.filter(({ state }) => state === 'ALARM') ?? [];
  const others = data?.alarms.filter(({ state }) => state !== 'ALARM') ?? [];
  return (
    <section aria-busy={isLoading}>
      <h2>Alarms</h2>
      <div class="bar">
        <button type="button" onClick={reload}>
          Reload
        </button>
        {data && (
          <span role="status">
            {firing.length} of {data.alarms.length} firing
          </span>
        )}
      </div>
      <ErrorNotice error={error} />
      {firing.length > 0 && <AlarmTable caption="Alarms firing" alarms={firing} section={section} />}
      {others.length > 0 && (
        <details>
          <summary>{others.length} not firing</summary>
          <AlarmTable caption="Alarms not firing" alarms={others} section={section} />
        </details>
      )}
      {!data && error === undefined && <p class="dim">Asking CloudWatch …</p>}
    </section>
  );
}

interface AlarmTableProps {
  readonly caption: string;
  readonly alarms: readonly Alarm[];
  readonly section: string;
}

const AlarmTable = ({ caption, alarms, section }: AlarmTableProps) => (
  <Table
    caption={caption}
    rows={alarms}
    keyOf={({ name }) => name}
    columns={[
      {
        title: 'state',
        cell: ({ state }) => <Badge tone={STATES[state][0]}>{STATES[state][1]}</Badge>,
      },
      {
        title: 'alarm',
        cell: (alarm) =>
          alarm.section === undefined ? (
            alarm.name
          ) : (
            <a href={linkTo('health', alarm.section)} aria-current={alarm.section === section ? 'true' : undefined}>
              {alarm.name}
            </a>
          ),
      },
      { title: 'urgency', cell: ({ severity }) => severity },
      { title: 'since', cell: ({ since }) => (since === undefined ? 'unknown' : <When time={since} />) },
      {
        title: 'what it means',
        cell: ({ meaning, reason }) => (
          <>
            {meaning} <span class="dim">{reason}</span>
          </>
        ),
      },
    ]}
  />
);
