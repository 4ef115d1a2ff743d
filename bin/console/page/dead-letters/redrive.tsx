/** Redrives messages: first a dry run, then, if the person wants it, for real. */
import { useEffect, useState } from 'preact/hooks';
import type { About } from '../../api';
import type { RedriveProgress, RedriveRequest } from '../../api/dead-letters';
import { Notes } from '../parts/advice';
import { Notice } from '../parts/notice';
import { EndNotice, StopButton, useStream } from '../parts/stream';
import { Table } from '../parts/table';
import { QueueChoice } from './queue-choice';

interface RedriveProps {
  readonly queue: string;
  readonly names: readonly string[];
  readonly about: About;
  readonly onChanged: () => void;
}

type Done = Extract<RedriveProgress, { readonly results: unknown }>;
type Running = Exclude<RedriveProgress, Done>;

const isDone = (value: RedriveProgress | undefined): value is Done => value !== undefined && 'results' in value;

/** What a person has filled in. */
interface Form {
  readonly queue: string;
  readonly events: string;
  readonly from: string;
  readonly to: string;
  readonly rate: string;
  readonly force: boolean;
}

/** Empty fields are left out: they filter nothing. */
const requestOf = ({ queue, events, from, to, rate, force }: Form): RedriveRequest => ({
  ...{ queue, force, events: events.split(/[\s,]+/).filter(Boolean) },
  ...(from.trim() && { from }),
  ...(to.trim() && { to }),
  ...(rate.trim() && { rate }),
});

export function Redrive({ queue, names, about, onChanged }: RedriveProps) {
  const [form, setForm] = useState<Form>({ queue, events: '', from: '', to: '', rate: '', force: false });
  const [isDryRun, setDryRun] = useState(true);
  const { values, isRunning, error, start, stop, clear } = useStream<RedriveProgress>(1);
  const last = values.at(-1);
  const run = (dryRun: boolean) => {
    setDryRun(dryRun);
    void start(`api/dead-letters/${dryRun ? 'preview' : 'redrive'}`, requestOf(form));
  };
  // A dry run is about what was filled in then.
  const change = (part: Partial<Form>) => {
    clear();
    setForm({ ...form, ...part });
  };
  const isRedriven = isDone(last) && !isDryRun;
  useEffect(() => {
    if (isRedriven) onChanged();
  }, [isRedriven]);
  const wanted = isDone(last) ? last.results.reduce((sum, one) => sum + one.wanted, 0) : 0;
  return (
    <section>
      <h2>Redrive</h2>
      <p>Sends messages back to their consumer. Fix the cause first. Each event is published once.</p>
      <div class="bar">
        <QueueChoice names={names} value={form.queue} onChange={(name) => change({ queue: name })} />
        <button type="button" disabled={isRunning} onClick={() => run(true)}>
          Dry run
        </button>
        {isDone(last) && isDryRun && wanted > 0 && about.allowsChanges && (
          <button type="button" class="primary" onClick={() => run(false)}>
            Redrive {wanted}
          </button>
        )}
        <StopButton isRunning={isRunning} stop={stop} />
      </div>
      <Filters form={form} onChange={change} />
      {!about.allowsChanges && (
        <Notice kind="note">This console only reads. Start it with --allow-changes to redrive messages.</Notice>
      )}
      <div aria-live="polite">
        {isRunning && <Progress value={last as Running | undefined} isDryRun={isDryRun} />}
        <EndNotice error={error} />
        {isDone(last) && <Results done={last} isDryRun={isDryRun} />}
      </div>
    </section>
  );
}

interface FiltersProps {
  readonly form: Form;
  readonly onChange: (part: Partial<Form>) => void;
}

const FIELDS = [
  { name: 'events', label: 'Provider events', hint: 'such as bot.done' },
  { name: 'from', label: 'Received since', hint: '-2h, or 2026-01-31T09:30:00Z' },
  { name: 'to', label: 'Received before', hint: '-1h, or a time' },
  { name: 'rate', label: 'Messages a second', hint: 'as fast as it goes' },
] as const;

const Filters = ({ form, onChange }: FiltersProps) => (
  <details>
    <summary>Only some of them, or slowly</summary>
    <div class="fields">
      {FIELDS.map(({ name, label, hint }) => (
        <label key={name}>
          {label}
          <input
            value={form[name]}
            placeholder={hint}
            onInput={({ currentTarget }) => onChange({ [name]: currentTarget.value })}
          />
        </label>
      ))}
    </div>
    <label>
      <input
        type="checkbox"
        checked={form.force}
        onChange={({ currentTarget }) => onChange({ force: currentTarget.checked })}
      />{' '}
      Also broken ones, which will fail again: their consumer tries each for a quarter of an hour, then it is here
      again.
    </label>
  </details>
);

function Progress({ value, isDryRun }: { readonly value: Running | undefined; readonly isDryRun: boolean }) {
  const { seen = 0, total = 0 } = value ?? {};
  return (
    <p>
      <progress max={Math.max(total, seen, 1)} value={seen} aria-label="Messages" /> {seen} of about {total}{' '}
      {isDryRun ? 'looked at' : 'done'}. It stops when you leave this view; what is left is safe.
    </p>
  );
}

function Results({ done: { results, notes }, isDryRun }: { readonly done: Done; readonly isDryRun: boolean }) {
  const rows = results.filter(({ seen, left }) => seen > 0 || left > 0);
  const moved = results.reduce((sum, one) => sum + one.moved, 0);
  const wanted = results.reduce((sum, one) => sum + one.wanted, 0);
  return (
    <>
      <Notice kind={isDryRun || notes.length > 0 ? 'note' : 'good'}>
        {isDryRun ? `A dry run: ${wanted} would be redriven.` : `Redriven: ${moved}.`}
      </Notice>
      {rows.length > 0 && (
        <Table
          caption="Messages by queue"
          rows={rows}
          keyOf={({ queue }) => queue}
          columns={[
            { title: 'queue', cell: ({ queue }) => queue },
            { title: 'looked at', cell: ({ seen }) => seen },
            {
              title: isDryRun ? 'would be redriven' : 'redriven',
              cell: (one) => (isDryRun ? one.wanted : one.moved),
            },
            { title: isDryRun ? 'there now' : 'left', cell: ({ left }) => left },
          ]}
        />
      )}
      <Notes texts={notes} />
    </>
  );
}
