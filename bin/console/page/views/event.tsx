/** One event: its way, what it was and what it became, and all that the logs tell. */
import { useEffect } from 'preact/hooks';
import type { EventPage } from '../../api/event';
import type { ViewProps } from '../app';
import { Archived, useArchive } from '../event/archived';
import { Way } from '../event/way';
import { eventLink, TONES } from '../live/row';
import { linkTo } from '../location';
import { Badge } from '../parts/badge';
import { Notice } from '../parts/notice';
import { useLoaded } from '../server';
import './event.css';

/** How far back to look: 24 hours unless the address says more. */
const SINCE = ['24h', '7d', '30d'] as const;

/** Between two looks at an event that is still under way. AWS is only asked when a person asks: a look takes dozens of calls. */
const LOOK_EVERY_MS = 1_500;

export function Event(props: ViewProps) {
  if (props.place.about !== '') return <OneEvent {...props} />;
  return (
    <>
      <h1>Event</h1>
      <Notice kind="note">
        Choose a delivery in <a href={linkTo('live')}>Live</a>.
      </Notice>
    </>
  );
}

function OneEvent({ about, place }: ViewProps) {
  const id = place.about;
  const since = place.query.get('since') ?? SINCE[0];
  const path = `api/events/${encodeURIComponent(id)}`;
  const query = `?since=${encodeURIComponent(since)}`;
  const { data: page, error, isLoading, reload } = useLoaded<EventPage>(path + query);
  const isUnderWay = page?.way.at(-1)?.state === 'waiting';
  useEffect(() => {
    if (!isUnderWay || isLoading || about.where !== 'local') return;
    const timer = setTimeout(reload, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [isUnderWay, isLoading, about.where, reload]);
  return (
    <div class="event">
      <h1>{page?.type || page?.providerEvent || 'Event'}</h1>
      <div class="bar">
        <a href={linkTo('live')}>Live</a>
        {page?.type ? <a href={linkTo('catalogue', page.type)}>Catalogue of {page.type}</a> : null}
        <button type="button" class="small" disabled={isLoading} onClick={reload}>
          Reload
        </button>
        <span class="dim">
          The logs of the last{' '}
          {SINCE.map((one) => (
            <a key={one} href={linkTo('event', id, { since: one })} aria-current={one === since ? 'true' : undefined}>
              {one}
            </a>
          ))}
        </span>
        {isLoading && !page ? <span role="status">Looking …</span> : null}
      </div>
      {error === undefined ? null : <Notice kind="bad">{error}</Notice>}
      {page ? (
        <>
          <Head page={page} />
          <Found key={page.eventId ?? id} about={about} page={page} path={path} query={query} />
          <Deliveries page={page} />
          <Request page={page} />
          <Lines page={page} />
        </>
      ) : null}
    </div>
  );
}

interface FoundProps extends Pick<ViewProps, 'about'> {
  readonly page: EventPage;
  /** Path of the event's routes, such as `api/events/e1`. */
  readonly path: string;
  readonly query: string;
}

/** The way of the event, and what the archive has of it: in the local cloud it is read at once. */
function Found({ about, page, path, query }: FoundProps) {
  const archive = useArchive(`${path}/archive${query}`, about.where === 'local' && page.isArchived);
  return (
    <>
      <h2>Its way</h2>
      <Way stations={page.way} receivers={archive.archived?.receivers} />
      <Warnings page={page} />
      {page.isArchived ? (
        <Archived about={about} page={page} archive={archive} resend={`${path}/resend${query}`} />
      ) : null}
    </>
  );
}

function Head({ page }: { readonly page: EventPage }) {
  const { eventId, deliveryId, provider, providerEvent, subject, happened, proof, stale } = page;
  const facts = {
    'event id': eventId,
    'delivery id': deliveryId,
    'came as': [provider, providerEvent].filter(Boolean).join(' '),
    subject,
    happened,
    'proved by': proof,
  };
  return (
    <dl class="facts">
      {Object.entries(facts).map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ) : null,
      )}
      {stale ? (
        <div>
          <dt>stale</dt>
          <dd>
            <Badge tone="warn">stale</Badge> A newer event of its subject was published before.{' '}
            {stale.by ? (
              <>
                It happened at {stale.by.time}: <a href={linkTo('event', stale.by.eventId)}>{stale.by.type}</a>
              </>
            ) : (
              'The logs no longer have it.'
            )}
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Warnings({ page: { missing, gap, notRecognized, deadLetters } }: { readonly page: EventPage }) {
  return (
    <>
      {notRecognized ? (
        <Notice kind="note">
          Not recognized: {notRecognized.reason} {notRecognized.problems}{' '}
          <a href={linkTo('refused')}>What to do about it</a>
        </Notice>
      ) : null}
      {deadLetters && deadLetters.messages > 0 ? (
        <Notice kind="bad">
          It is in the dead-letter queue {deadLetters.queue}, unless somebody has moved it: that holds{' '}
          {deadLetters.messages}. <a href={linkTo('dead-letters', deadLetters.queue)}>Look at it</a>
        </Notice>
      ) : missing ? (
        <Notice kind="note">{missing}</Notice>
      ) : null}
      {gap ? <p class="dim">{gap}</p> : null}
    </>
  );
}

const Deliveries = ({ page: { deliveries } }: { readonly page: EventPage }) => (
  <>
    <h2>Requests that brought it</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">time</th>
          <th scope="col">outcome</th>
          <th scope="col">where it is</th>
          <th scope="col">correlation id</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((row) => (
          <tr key={row.id}>
            <td>{row.time}</td>
            <td>
              <Badge tone={TONES[row.outcome]}>{row.outcome}</Badge>
            </td>
            <td>
              {[row.where, row.reason].filter(Boolean).join(': ')}
              {row.outcome === 'refused' ? (
                <>
                  {' '}
                  <a href={linkTo('refused')}>What to do about it</a>
                </>
              ) : null}
            </td>
            <td class="mono">{deliveries.length > 1 ? <a href={eventLink({ id: row.id })}>{row.id}</a> : row.id}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </>
);

const Request = ({ page: { request, traces } }: { readonly page: EventPage }) => (
  <>
    <h2>The request</h2>
    <dl class="facts">
      {Object.entries(request).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="mono">{value}</dd>
        </div>
      ))}
      {traces.map(({ traceId, url }) => (
        <div key={traceId}>
          <dt>X-Ray trace</dt>
          <dd class="mono">
            {url ? (
              <a href={url} rel="noreferrer">
                {traceId}
              </a>
            ) : (
              traceId
            )}
          </dd>
        </div>
      ))}
    </dl>
    <p class="dim">
      This is all that the logs keep of it. Signatures, tokens and all other headers are never written down, and the
      query string is not either.
    </p>
  </>
);

const Lines = ({ page: { lines } }: { readonly page: EventPage }) => (
  <details>
    <summary>
      <h2>{lines.length} log lines</h2>
    </summary>
    {lines.map(({ time, logGroup, text }, index) => (
      <div key={index} class="line">
        <div class="dim">
          {time} {logGroup}
        </div>
        <pre>{text}</pre>
      </div>
    ))}
  </details>
);
