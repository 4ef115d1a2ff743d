/** Deliveries as they come, the newest first. */
import { useMemo, useState } from 'preact/hooks';
import type { DeliveryOutcome, DeliveryRow, ReadingStatus } from '../../api/live';
import type { ViewProps } from '../app';
import { type Feed, useFeed } from '../live/feed';
import { type Filter, filterOf, isNarrow, passes, queryOf } from '../live/filter';
import { DeliveryList } from '../live/list';
import { linkTo } from '../location';
import { Notice } from '../parts/notice';
import './live.css';

const OUTCOMES: readonly DeliveryOutcome[] = [
  ...(['published', 'accepted', 'unrecognized', 'duplicate', 'answered', 'refused', 'unavailable', 'failed'] as const),
];

export function Live({ about, place }: ViewProps) {
  const feed = useFeed();
  const filter = filterOf(place.query);
  const { rows, pause, missed } = usePause(feed.rows);
  const shown = useMemo(() => rows.filter(passes(filter)), [rows, place.query.toString()]);
  const change = (part: Partial<Filter>) => location.replace(linkTo('live', '', queryOf({ ...filter, ...part })));
  return (
    <div class="live">
      <h1 class="hidden">Live</h1>
      <search class="bar">
        <Choice label="Provider" value={filter.provider} onChange={(provider) => change({ provider })}>
          {about.providers.map(({ name, title }) => ({ value: name, title }))}
        </Choice>
        <Choice label="Outcome" value={filter.outcome} onChange={(outcome) => change({ outcome })}>
          {OUTCOMES.map((value) => ({ value, title: value }))}
        </Choice>
        <Text label="Type" value={filter.type} list="types" onInput={(type) => change({ type })} />
        <datalist id="types">
          {about.types.map((type) => (
            <option key={type} value={type} />
          ))}
        </datalist>
        <Text label="Subject" value={filter.subject} onInput={(subject) => change({ subject })} />
        <Text label="Any text" value={filter.text} onInput={(text) => change({ text })} />
        <label class="check" title="Meetbus's own deliveries: those of the probe and of the checks in Health">
          <input type="checkbox" checked={filter.probe} onChange={() => change({ probe: !filter.probe })} />
          Show probes
        </label>
        <button type="button" aria-pressed={pause.isOn} onClick={pause.toggle}>
          {pause.isOn ? `Resume (${missed} new)` : 'Pause'}
        </button>
        <p class="dim count" role="status">
          {countOf(shown, rows, feed)}
        </p>
      </search>
      <Troubles feed={feed} />
      <div class="head" aria-hidden="true">
        {['time (UTC)', 'provider', 'provider event', 'type', 'subject', 'outcome', 'where it is', 'took'].map(
          (title) => (
            <span key={title}>{title}</span>
          ),
        )}
      </div>
      {shown.length === 0 && feed.isConnected ? <Nothing filter={filter} isLocal={about.where === 'local'} /> : null}
      <DeliveryList rows={shown} />
    </div>
  );
}

/** Holds the list still while it is paused, and counts what came meanwhile. */
function usePause(rows: readonly DeliveryRow[]) {
  const [held, hold] = useState<readonly DeliveryRow[]>();
  const missed = useMemo(() => {
    const seen = held && new Set(held.map(({ id }) => id));
    return seen ? rows.filter(({ id }) => !seen.has(id)).length : 0;
  }, [held, rows]);
  const toggle = () => hold(held ? undefined : rows);
  return { rows: held ?? rows, missed, pause: { isOn: held !== undefined, toggle } };
}

const countOf = (shown: readonly DeliveryRow[], rows: readonly DeliveryRow[], { status }: Feed): string => {
  const of = shown.length === rows.length ? '' : ` of ${rows.length}`;
  return `${shown.length}${of} shown${status ? ` · ${readingOf(status)}` : ''}`;
};

const readingOf = ({ everyMs }: ReadingStatus): string =>
  `read every ${everyMs < 1_000 ? `${everyMs} ms` : `${Math.round(everyMs / 1_000)} s`}`;

function Troubles({ feed: { isConnected, rows, status } }: { readonly feed: Feed }) {
  if (!isConnected) {
    if (rows.length === 0 && !status) return <Notice kind="note">Reading the logs …</Notice>;
    return <Notice kind="bad">The console does not answer. If it was started again, open its new address.</Notice>;
  }
  if (status?.error) return <Notice kind="bad">The logs cannot be read now: {status.error}</Notice>;
  if (status?.leavesOut) return <Notice kind="bad">More comes than can be read: some rows are missing.</Notice>;
  return null;
}

function Nothing({ filter, isLocal }: { readonly filter: Filter; readonly isLocal: boolean }) {
  if (isNarrow(filter)) return <p class="dim">No delivery passes the filters.</p>;
  return (
    <p class="dim">
      Nothing has come yet.{' '}
      {isLocal ? (
        <>
          Send something in <a href={linkTo('try')}>Try</a>, or with <code>npx meetbus send</code>.
        </>
      ) : (
        'A delivery appears some seconds after its request.'
      )}
    </p>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: readonly { readonly value: string; readonly title: string }[];
}

const Choice = ({ label, value, onChange, children }: ChoiceProps) => (
  <select aria-label={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
    <option value="">{`${label}: all`}</option>
    {children.map(({ value: one, title }) => (
      <option key={one} value={one}>
        {title}
      </option>
    ))}
  </select>
);

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly list?: string;
  readonly onInput: (value: string) => void;
}

const Text = ({ label, value, list, onInput }: TextProps) => (
  <input
    type="search"
    aria-label={label}
    placeholder={label}
    value={value}
    {...(list && { list })}
    onInput={({ currentTarget }) => onInput(currentTarget.value)}
  />
);
