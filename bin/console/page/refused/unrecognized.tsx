/** Events that were not recognized, and their way to subscribers. */
import type { About } from '../../api';
import type { Unrecognized as Found, UnrecognizedReason } from '../../api/refused';
import { linkTo } from '../location';
import { Advice } from '../parts/advice';
import { ErrorNotice, Notice } from '../parts/notice';
import { Table } from '../parts/table';
import { When } from '../parts/when';
import type { Loaded } from '../server';
import { Reprocess } from './reprocess';

interface Props {
  readonly about: About;
  /** As the option `--since`. */
  readonly since: string;
  readonly loaded: Loaded<Found>;
}

export function Unrecognized({ about, since, loaded: { data, error, isLoading } }: Props) {
  return (
    <section aria-busy={isLoading}>
      <h2>Unrecognized events</h2>
      <ErrorNotice error={error} />
      {data?.reasons.length === 0 && <Notice kind="good">None: each event was understood.</Notice>}
      {data && data.reasons.length > 0 && (
        <>
          <p>They are genuine, and on the intake bus and in its archive. Subscribers did not get them.</p>
          {data.reasons.map((reason) => (
            <Reason key={reason.reason} {...reason} />
          ))}
          <Newest newest={data.newest} />
          <Reprocess about={about} since={since} reasons={data.reasons.filter(({ canReprocess }) => canReprocess)} />
        </>
      )}
      {!data && error === undefined && <p class="dim">Looking through the logs …</p>}
    </section>
  );
}

/** Names that are listed; the newest events have the others. */
const MOST_NAMES = 12;

const Reason = ({ reason, count, latest, names, remedy }: UnrecognizedReason) => (
  <article class="card reason">
    <h3 class="mono">{reason || 'not understood'}</h3>
    <p>
      {count}, the last at <When time={latest} />:{' '}
      {names
        .slice(0, MOST_NAMES)
        .map(({ name, count: times }) => `${name || 'no name'} (${times})`)
        .join(', ')}
      {names.length > MOST_NAMES && ', …'}
    </p>
    <p class="remedy">
      <Advice text={remedy} />
    </p>
  </article>
);

const Newest = ({ newest }: Pick<Found, 'newest'>) => (
  <details open>
    <summary>The newest {newest.length}, one by one</summary>
    <Table
      caption="The newest unrecognized events"
      rows={newest}
      keyOf={({ eventId, reason }) => `${eventId} ${reason}`}
      columns={[
        { title: 'published', cell: ({ time }) => <When time={time} /> },
        { title: 'provider', cell: ({ provider }) => provider },
        { title: 'provider event', cell: ({ providerEvent }) => providerEvent || '(no name)', isMono: true },
        { title: 'reason', cell: ({ reason, problems = '' }) => `${reason} ${problems}` },
        {
          title: 'event',
          cell: ({ eventId }) => <a href={linkTo('event', eventId)}>{eventId}</a>,
          isMono: true,
        },
      ]}
    />
  </details>
);
