/** A list of thousands of deliveries: only the rows in view are in the document. */
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeliveryRow } from '../../api/live';
import { Badge } from '../parts/badge';
import { durationOf } from '../parts/duration';
import { eventLink, TONES } from './row';

/** Pixels; a narrow row has two lines. */
const ROW = { wide: 30, narrow: 48 };
const NARROW = '(max-width: 900px)';

/** Rows above and below the view that are drawn too, so that scrolling finds them there. */
const SPARE = 10;

/** The steps of keys; PageUp and PageDown go by what is in view. */
const STEPS: Readonly<Record<string, (page: number) => number>> = {
  ArrowDown: () => 1,
  ArrowUp: () => -1,
  PageDown: (page) => page,
  PageUp: (page) => -page,
  Home: () => Number.NEGATIVE_INFINITY,
  End: () => Number.POSITIVE_INFINITY,
};

/** Id of the row that was opened last: who comes back goes on there. */
let opened: string | undefined;

/** The list, with arrow keys to move in it and Enter to open. A selected row stays so when newer ones come above it. */
export function DeliveryList({ rows }: { readonly rows: readonly DeliveryRow[] }) {
  const box = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const { top, size } = useView(box);
  const [selected, select] = useState(opened);
  useSteadyView(box, rows, height);
  const index = rows.findIndex(({ id }) => id === selected);
  useReturn(box, index * height);
  const first = Math.max(0, Math.floor(top / height) - SPARE);
  const last = Math.min(rows.length, Math.ceil((top + size) / height) + SPARE);

  const move = (to: number) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    select(rows[next]?.id);
    const list = box.current;
    if (!list) return;
    if (next * height < list.scrollTop) list.scrollTop = next * height;
    const bottom = (next + 1) * height - list.clientHeight;
    if (bottom > list.scrollTop) list.scrollTop = bottom;
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key]?.(Math.floor(size / height));
    const row = rows[index];
    if (step !== undefined) move(index + step);
    else if (event.key === 'Enter' && row) {
      opened = row.id;
      location.hash = eventLink(row);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      class="deliveries"
      ref={box}
      role="listbox"
      aria-label="Deliveries, the newest first"
      aria-activedescendant={index >= first && index < last ? `row-${index}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div class="all" style={{ height: `${rows.length * height}px` }}>
        {rows.slice(first, last).map((row, offset) => (
          <Row
            key={row.id}
            row={row}
            index={first + offset}
            count={rows.length}
            top={(first + offset) * height}
            isSelected={row.id === selected}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: DeliveryRow;
  readonly index: number;
  readonly count: number;
  readonly top: number;
  readonly isSelected: boolean;
}

function Row({ row, index, count, top, isSelected }: RowProps) {
  const { time, provider, providerEvent, type, subject, outcome, reason, where, milliseconds, isStale } = row;
  const place = [where, reason].filter(Boolean).join(': ');
  return (
    <a
      id={`row-${index}`}
      class={`delivery ${type ? '' : providerEvent ? 'untyped' : 'unnamed'}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={count}
      tabIndex={-1}
      href={eventLink(row)}
      onClick={() => {
        opened = row.id;
      }}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span class="time" title={time}>
        {time.slice(11, 23)}
      </span>
      <span class="provider">{provider || '–'}</span>
      <span class="from">{providerEvent}</span>
      <span class="type">
        {type}
        {isStale ? <Badge tone="warn">stale</Badge> : null}
      </span>
      <span class="subject" title={subject}>
        {subject}
      </span>
      <span class="outcome">
        <Badge tone={TONES[outcome]}>{outcome}</Badge>
      </span>
      <span class="where" title={place}>
        {place}
      </span>
      <span class="took">{milliseconds === undefined ? '' : durationOf(milliseconds)}</span>
    </a>
  );
}

function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const follow = () => setNarrow(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isNarrow ? ROW.narrow : ROW.wide;
}

/** What is in view, in pixels. */
function useView(box: { readonly current: HTMLElement | null }): { readonly top: number; readonly size: number } {
  const [view, setView] = useState({ top: 0, size: 0 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const follow = () => setView({ top: element.scrollTop, size: element.clientHeight });
    const resized = new ResizeObserver(follow);
    resized.observe(element);
    element.addEventListener('scroll', follow, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', follow);
    };
  }, [box]);
  return view;
}

/** Brings the row that was opened before into view, once its place is known. */
function useReturn(box: { readonly current: HTMLElement | null }, top: number) {
  const isDone = useRef(opened === undefined);
  useEffect(() => {
    const list = box.current;
    if (isDone.current || !list || top < 0) return;
    isDone.current = true;
    if (top > list.clientHeight) list.scrollTop = top - list.clientHeight / 2;
  }, [box, top]);
}

/** Keeps what a person reads in place while newer rows come above it. At the top, the newest stay in view. */
function useSteadyView(box: { readonly current: HTMLElement | null }, rows: readonly DeliveryRow[], height: number) {
  const before = useRef<readonly DeliveryRow[]>(rows);
  useEffect(() => {
    const list = box.current;
    const held = before.current[Math.floor((list?.scrollTop ?? 0) / height)];
    const was = held ? before.current.indexOf(held) : -1;
    before.current = rows;
    if (!list || !held || list.scrollTop === 0) return;
    const is = rows.findIndex(({ id }) => id === held.id);
    if (is > was) list.scrollTop += (is - was) * height;
  }, [rows, height]);
}
