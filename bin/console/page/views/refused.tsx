/** Deliveries that were refused, and events that were not recognized: why, and what to do. */
import type { Refused as Refusals, Unrecognized as UnrecognizedEvents } from '../../api/refused';
import type { ViewProps } from '../app';
import { linkTo } from '../location';
import { Advice } from '../parts/advice';
import { Badge } from '../parts/badge';
import { LookBack, sinceIn } from '../parts/look-back';
import { ErrorNotice, Notice } from '../parts/notice';
import { Table } from '../parts/table';
import { When } from '../parts/when';
import { Unrecognized } from '../refused/unrecognized';
import { useLoaded } from '../server';
import './refused.css';

export function Refused({ about, place }: ViewProps) {
  const since = sinceIn(place);
  const { data, error, isLoading, reload } = useLoaded<Refusals>(`api/refused?since=${since}`);
  const unrecognized = useLoaded<UnrecognizedEvents>(`api/unrecognized?since=${since}`);
  const reloadBoth = () => {
    reload();
    unrecognized.reload();
  };
  return (
    <div class="refused">
      <h1>Refused and unrecognized</h1>
      <LookBack place={place} onReload={reloadBoth} />
      {about.where === 'aws' && (
        <p class="dim">Each look searches the logs of that time. AWS takes about $0.005 for each GB of them.</p>
      )}
      <section aria-busy={isLoading}>
        <h2>Refused deliveries</h2>
        <ErrorNotice error={error} />
        {data ? <Reasons data={data} /> : error === undefined && <p class="dim">Looking through the logs …</p>}
      </section>
      <Unrecognized about={about} since={since} loaded={unrecognized} />
    </div>
  );
}

function Reasons({ data }: { readonly data: Refusals }) {
  const { reasons, newest, atGateway, deliveries } = data;
  if (reasons.length === 0 && atGateway.length === 0) {
    return <Notice kind="good">{deliveries === 0 ? 'No delivery came.' : `None of ${deliveries} deliveries.`}</Notice>;
  }
  return (
    <>
      {reasons.map(({ provider, title, outcome, status, count, latest, remedy }) => (
        <article key={`${provider} ${outcome}`} class="card reason">
          <h3>
            {title}: <span class="mono">{outcome}</span> <Badge tone="bad">answered {status}</Badge>
          </h3>
          <p>
            {count} of {deliveries} deliveries, the last at <When time={latest} />
          </p>
          <p class="remedy">
            <Advice text={remedy} />
          </p>
        </article>
      ))}
      {newest.length > 0 && <Newest newest={newest} />}
      {atGateway.length > 0 && <AtGateway requests={atGateway} />}
    </>
  );
}

const Newest = ({ newest }: Pick<Refusals, 'newest'>) => (
  <details>
    <summary>The newest {newest.length}, one by one</summary>
    <Table
      caption="The newest refused deliveries"
      rows={newest}
      keyOf={({ correlationId }) => correlationId}
      columns={[
        { title: 'time', cell: ({ time }) => <When time={time} /> },
        { title: 'provider', cell: ({ provider }) => provider },
        { title: 'reason', cell: ({ outcome }) => outcome, isMono: true },
        { title: 'took', cell: ({ milliseconds }) => `${milliseconds} ms` },
        {
          title: 'request',
          cell: ({ correlationId }) => <a href={linkTo('event', correlationId)}>{correlationId}</a>,
          isMono: true,
        },
      ]}
    />
  </details>
);

const AtGateway = ({ requests }: { readonly requests: Refusals['atGateway'] }) => (
  <details>
    <summary>Refused by the gateway, before a verifier saw them</summary>
    <p>
      <Advice text="Scans, wrong URLs, and what is too large: docs/runbook.md#gateway-4xx." />
    </p>
    <Table
      caption="Requests that the gateway refused"
      rows={requests}
      keyOf={({ method, path, status, sourceIp }) => [method, path, status, sourceIp].join(' ')}
      columns={[
        { title: 'requests', cell: ({ count }) => count },
        { title: 'path', cell: ({ method, path }) => `${method} ${path}`, isMono: true },
        { title: 'status', cell: ({ status }) => status },
        { title: 'from', cell: ({ sourceIp }) => sourceIp, isMono: true },
        { title: 'the last at', cell: ({ latest }) => <When time={latest} /> },
      ]}
    />
  </details>
);
