import { linkTo } from '../location';
import { Badge, type Tone } from '../parts/badge';
import { type Column, Table } from '../parts/table';

/** What the page shows of an answer to a delivery. */
export interface Answer {
  readonly status: number;
  readonly outcome: string;
  readonly reason?: string;
  readonly correlationId: string;
  readonly milliseconds?: number;
  /** What was sent, where that differs from row to row. */
  readonly what?: string;
}

/** More rows would tell no more than the sums do. */
const MOST_ROWS = 20;

const toneOf = (status: number): Tone => {
  if (status < 300) return 'good';
  return status < 500 ? 'warn' : 'bad';
};

/** Answers to deliveries, the newest first, with a link to what became of each. */
export function Answers({ answers }: { readonly answers: readonly Answer[] }) {
  if (answers.length === 0) return null;
  const newest = answers.slice(-MOST_ROWS).reverse();
  return (
    <>
      {answers.length > 1 && <Sums answers={answers} />}
      <Table caption="Answers" columns={columnsOf(newest)} rows={newest} keyOf={({ correlationId }) => correlationId} />
      {answers.length > MOST_ROWS && <p class="dim">The newest {MOST_ROWS} are shown.</p>}
    </>
  );
}

/** Columns without a value in any row are left out. */
function columnsOf(answers: readonly Answer[]): Column<Answer>[] {
  const some = (name: 'what' | 'milliseconds') => answers.some((answer) => answer[name] !== undefined);
  return [
    { title: 'answer', cell: Answered },
    ...(some('what') ? [{ title: 'delivery', cell: ({ what }: Answer) => what }] : []),
    ...(some('milliseconds') ? [{ title: 'ms', cell: ({ milliseconds }: Answer) => milliseconds }] : []),
    {
      title: 'what became of it',
      cell: ({ correlationId }) => correlationId && <a href={linkTo('event', correlationId)}>See its way</a>,
    },
  ];
}

const Answered = ({ status, outcome, reason }: Answer) => (
  <>
    <Badge tone={toneOf(status)}>
      {status} {outcome}
    </Badge>{' '}
    {reason !== undefined && <code>{reason}</code>}
  </>
);

/** How many deliveries got which answer. */
function Sums({ answers }: { readonly answers: readonly Answer[] }) {
  const sums = new Map<string, { readonly status: number; count: number }>();
  for (const { status, outcome } of answers) {
    const key = `${status} ${outcome}`;
    const sum = sums.get(key) ?? { status, count: 0 };
    sums.set(key, { status, count: sum.count + 1 });
  }
  return (
    <p class="sums" aria-live="polite">
      {[...sums].map(([key, { status, count }]) => (
        <Badge key={key} tone={toneOf(status)}>
          {count} × {key}
        </Badge>
      ))}
    </p>
  );
}
