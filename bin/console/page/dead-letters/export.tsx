/** Downloads messages, as `meetbus dlq export` writes them. */
import { useEffect, useState } from 'preact/hooks';
import type { ExportProgress } from '../../api/dead-letters';
import { Notes } from '../parts/advice';
import { ErrorNotice, Notice } from '../parts/notice';
import { useStream } from '../parts/stream';
import { QueueChoice } from './queue-choice';

interface ExportProps {
  readonly queue: string;
  readonly names: readonly string[];
}

type Done = Extract<ExportProgress, { readonly count: number }>;

const isDone = (value: ExportProgress | undefined): value is Done => value !== undefined && 'count' in value;

export function Export({ queue, names }: ExportProps) {
  const [name, setName] = useState(queue);
  const { values, isRunning, error, start } = useStream<ExportProgress>();
  const last = values.at(-1);
  const done = isDone(last) ? last : undefined;
  useEffect(() => {
    if (done && done.count > 0) save(`dead-letters-${name}.jsonl`, linesIn(values));
  }, [done]);
  return (
    <section>
      <h2>Export</h2>
      <p>
        Downloads a file with one line of JSON for each message: its attributes and its body. Credentials and links are
        masked; the rest may be personal data. For bodies as they are, use{' '}
        <code>npx meetbus dlq export --credentials</code>. The messages stay in the queue; while they are read, no other
        reader sees them.
      </p>
      <div class="bar">
        <QueueChoice names={names} value={name} onChange={setName} />
        <button
          type="button"
          disabled={isRunning}
          onClick={() => void start('api/dead-letters/export', { queue: name })}
        >
          Download
        </button>
      </div>
      <div aria-live="polite">
        {isRunning && <p>{values.length} read …</p>}
        <ErrorNotice error={error} />
        {done && <Notice kind={done.notes.length > 0 ? 'note' : 'good'}>{done.count} messages.</Notice>}
        <Notes texts={done?.notes ?? []} />
      </div>
    </section>
  );
}

const linesIn = (values: readonly ExportProgress[]): string[] =>
  values.flatMap((value) => ('line' in value ? [value.line] : []));

/** Has the browser save a file. */
function save(name: string, parts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: 'application/jsonl' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
