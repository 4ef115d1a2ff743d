import { linkTo } from '../location';
import { Badge, type Tone } from '../parts/badge';

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
      <div class="scroll">
        <table class="answers">
          <thead>
            <tr>
              <th scope="col">answer</th>
              {newest[0]?.what !== undefined && <th scope="col">delivery</th>}
              {newest[0]?.milliseconds !== undefined && <th scope="col">ms</th>}
              <th scope="col">what became of it</th>
            </tr>
          </thead>
          <tbody>
            {newest.map((answer) => (
              <tr key={answer.correlationId}>
                <td>
                  <Badge tone={toneOf(answer.status)}>
                    {answer.status} {answer.outcome}
                  </Badge>{' '}
                  {answer.reason !== undefined && <code>{answer.reason}</code>}
                </td>
                {answer.what !== undefined && <td>{answer.what}</td>}
                {answer.milliseconds !== undefined && <td>{answer.milliseconds}</td>}
                <td>{answer.correlationId && <a href={linkTo('event', answer.correlationId)}>See its way</a>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answers.length > MOST_ROWS && <p class="dim">The newest {MOST_ROWS} are shown.</p>}
    </>
  );
}

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
