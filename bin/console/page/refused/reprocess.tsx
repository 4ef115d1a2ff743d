/** Brings unrecognized events to subscribers: first what would be done, then, if the person wants it, for real. */
import { useState } from 'preact/hooks';
import type { About } from '../../api';
import type { ReprocessProgress, ReprocessRequest, UnrecognizedReason } from '../../api/refused';
import { Advice } from '../parts/advice';
import { Notice } from '../parts/notice';
import { EndNotice, StopButton, useStream } from '../parts/stream';
import { Table } from '../parts/table';

interface Props {
  readonly about: About;
  readonly since: string;
  readonly reasons: readonly UnrecognizedReason[];
}

type Done = Extract<ReprocessProgress, { readonly groups: unknown }>;

const isDone = (value: ReprocessProgress | undefined): value is Done => value !== undefined && 'groups' in value;

/** Which events a person wants. */
interface Form {
  /** Only these; all if empty. */
  readonly reasons: readonly string[];
  /** Separated by commas or spaces. */
  readonly organizations: string;
}

export function Reprocess({ about, since, reasons }: Props) {
  const [form, setForm] = useState<Form>({ reasons: [], organizations: '' });
  const [isDryRun, setDryRun] = useState(true);
  const { values, isRunning, error, start, stop, clear } = useStream<ReprocessProgress>(1);
  if (!about.allowsChanges) {
    return (
      <Notice kind="note">
        This console only reads. Even a dry run makes a rule and a queue for a while: start the console with
        --allow-changes.
      </Notice>
    );
  }
  const run = (dryRun: boolean) => {
    setDryRun(dryRun);
    const organizations = form.organizations.split(/[\s,]+/).filter(Boolean);
    void start('api/unrecognized/reprocess', { ...form, dryRun, since, organizations } satisfies ReprocessRequest);
  };
  // A dry run is about what was filled in then.
  const change = (part: Partial<Form>) => {
    clear();
    setForm({ ...form, ...part });
  };
  const last = values.at(-1);
  const brought = isDone(last) ? countOf(last) : 0;
  return (
    <article class="reprocess">
      <h3>Bring them to subscribers</h3>
      <p>
        What this version understands goes to the consumers again, and is published once, under the id that it had. The
        archive of the intake bus has the events
        {about.where === 'aws' &&
          ': reading it takes two minutes at least, and an event takes up to ten minutes to get there'}
        .
      </p>
      <Fields form={form} reasons={reasons} onChange={change} />
      <div class="bar">
        <button type="button" disabled={isRunning} onClick={() => run(true)}>
          Dry run
        </button>
        {isDone(last) && isDryRun && brought > 0 && (
          <button type="button" class="primary" onClick={() => run(false)}>
            Send {brought} to the consumers
          </button>
        )}
        <StopButton isRunning={isRunning} stop={stop} />
      </div>
      <div aria-live="polite">
        {isRunning && <p>{last && 'seen' in last ? `${last.seen} looked at …` : 'Reading the archive …'}</p>}
        <EndNotice error={error} />
        {isDone(last) && <Outcome done={last} isDryRun={isDryRun} brought={brought} />}
      </div>
    </article>
  );
}

interface FieldsProps {
  readonly form: Form;
  readonly reasons: readonly UnrecognizedReason[];
  readonly onChange: (part: Partial<Form>) => void;
}

const Fields = ({ form, reasons, onChange }: FieldsProps) => (
  <>
    <fieldset class="bar">
      <legend>Only those set aside for</legend>
      {reasons.map(({ reason }) => (
        <label key={reason}>
          <input
            type="checkbox"
            checked={form.reasons.includes(reason)}
            onChange={({ currentTarget }) => {
              const others = form.reasons.filter((one) => one !== reason);
              onChange({ reasons: currentTarget.checked ? [...others, reason] : others });
            }}
          />{' '}
          <span class="mono">{reason}</span>
        </label>
      ))}
    </fieldset>
    <label class="bar">
      Organizations of yours, by their ids at the provider (* is every sender)
      <input
        value={form.organizations}
        onInput={({ currentTarget }) => onChange({ organizations: currentTarget.value })}
      />
    </label>
  </>
);

const countOf = ({ groups }: Done): number =>
  groups.reduce((sum, { becomes, count }) => sum + (becomes === undefined ? 0 : count), 0);

function Outcome({
  done,
  isDryRun,
  brought,
}: {
  readonly done: Done;
  readonly isDryRun: boolean;
  readonly brought: number;
}) {
  const { groups, remedies, isWhole } = done;
  if (groups.length === 0) return <Notice kind="note">The archive has no such event of that time, or not yet.</Notice>;
  return (
    <>
      <Notice kind={isDryRun ? 'note' : 'good'}>
        {isDryRun
          ? `A dry run: ${brought} would be sent to the consumers again.`
          : `${brought} were sent to the consumers again.`}
        {!isWhole && ' Not all were looked at: run it again. Nothing is published twice.'}
      </Notice>
      <Table
        caption="What becomes of the events"
        rows={groups}
        keyOf={({ reason, providerEvent, becomes, leftAside }) => [reason, providerEvent, becomes, leftAside].join(' ')}
        columns={[
          { title: 'events', cell: ({ count }) => count },
          { title: 'set aside for', cell: ({ reason }) => reason, isMono: true },
          { title: 'provider event', cell: ({ providerEvent }) => providerEvent || '(none)', isMono: true },
          {
            title: 'becomes',
            cell: ({ becomes, leftAside }) => becomes ?? <span class="dim">stays: {leftAside}</span>,
          },
        ]}
      />
      {remedies.map((line) => (
        <p key={line}>
          <Advice text={line} />
        </p>
      ))}
    </>
  );
}
