/** The dead-letter queues: what they hold and why, and what can be done with it. */
import { useState } from 'preact/hooks';
import { ago } from '../../../commands/dlq/ago';
import type { DeadLetterQueues } from '../../api/dead-letters';
import type { ViewProps } from '../app';
import { Export } from '../dead-letters/export';
import { Messages } from '../dead-letters/messages';
import { Redrive } from '../dead-letters/redrive';
import { linkTo } from '../location';
import { Badge } from '../parts/badge';
import { ErrorNotice, Notice } from '../parts/notice';
import { Table } from '../parts/table';
import { useLoaded } from '../server';
import './dead-letters.css';

export function DeadLetters({ about, place }: ViewProps) {
  const { data, error, isLoading, reload } = useLoaded<DeadLetterQueues>('api/dead-letters');
  // The messages are read again when something was changed.
  const [round, setRound] = useState(0);
  const onChanged = () => {
    reload();
    setRound((number) => number + 1);
  };
  const names = data?.queues.map(({ name }) => name) ?? [];
  const queue = names.find((name) => name === place.about);
  return (
    <div class="dead-letters">
      <h1>Dead letters</h1>
      <p>Messages that failed too often. Each stays until 14 days after the provider's request, then SQS deletes it.</p>
      <div class="bar">
        <button type="button" disabled={isLoading} onClick={onChanged}>
          Reload
        </button>
      </div>
      <ErrorNotice error={error} />
      {data && (
        <section aria-busy={isLoading}>
          <Queues {...data} selected={queue} />
        </section>
      )}
      {queue !== undefined && <Messages key={queue} queue={queue} about={about} round={round} onChanged={onChanged} />}
      {data && (
        <div class="tools">
          <Redrive key={`redrive ${queue}`} queue={queue ?? 'all'} names={names} about={about} onChanged={onChanged} />
          <Export key={`export ${queue}`} queue={queue ?? 'all'} names={names} />
        </div>
      )}
    </div>
  );
}

const Queues = ({ queues, whyNoAges, selected }: DeadLetterQueues & { readonly selected: string | undefined }) => (
  <>
    {queues.every(({ messages }) => messages === 0) && <Notice kind="good">All are empty.</Notice>}
    {whyNoAges !== undefined && <Notice kind="note">How long they have been there is not known: {whyNoAges}</Notice>}
    <Table
      caption="Dead-letter queues"
      rows={queues}
      keyOf={({ name }) => name}
      columns={[
        {
          title: 'queue',
          cell: ({ name }) => (
            <a href={linkTo('dead-letters', name)} aria-current={name === selected ? 'true' : undefined}>
              {name}
            </a>
          ),
        },
        {
          title: 'messages',
          cell: ({ messages }) => (messages === 0 ? '0' : <Badge tone="bad">{messages}</Badge>),
        },
        {
          title: 'oldest',
          cell: ({ messages, oldestSeconds }) =>
            messages === 0 ? '' : oldestSeconds === undefined ? 'not known yet' : ago(oldestSeconds),
        },
      ]}
    />
  </>
);
