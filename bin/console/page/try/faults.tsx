import { useEffect, useState } from 'preact/hooks';
import type { Faults } from '../../api/try';
import { Badge } from '../parts/badge';
import { ErrorNotice } from '../parts/notice';
import { get, post } from '../server';

/** How often the counts are read. */
const LOOK_MS = 2_000;

/** Switches faults of AWS calls on and off, and shows what they have done. */
export function FaultSwitches() {
  const [faults, setFaults] = useState<Faults>();
  const [error, setError] = useState<string>();
  const take = (answer: Promise<Faults>) =>
    answer.then(
      (now) => {
        setError(undefined);
        setFaults(now);
      },
      (failure: Error) => setError(failure.message),
    );
  useEffect(() => {
    const look = () => void take(get<Faults>('api/faults'));
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  if (!faults) return <ErrorNotice error={error} />;
  const isAnyOn = faults.plan.faults.length > 0;
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">Faults {isAnyOn && <Badge tone="warn">{faults.plan.faults.length} on</Badge>}</h2>
      <p class="dim">AWS calls of the functions fail, as they sometimes do on AWS.</p>
      <ErrorNotice error={error} />
      <ul class="switches">
        {faults.ready.map(({ name, title, meaning, isOn }) => (
          <li key={name}>
            <label>
              <input
                type="checkbox"
                checked={isOn}
                onChange={({ currentTarget: { checked } }) =>
                  void take(post<Faults>('api/faults/switch', { name, on: checked }))
                }
              />{' '}
              {title}
            </label>
            <p class="dim">{meaning}</p>
          </li>
        ))}
      </ul>
      <Struck injected={faults.injected} />
      <PlanEditor faults={faults} onPlan={(plan) => take(post<Faults>('api/faults/plan', { plan }))} />
      {isAnyOn && (
        <button type="button" onClick={() => void take(post<Faults>('api/faults/plan', { plan: { faults: [] } }))}>
          Switch all off
        </button>
      )}
    </section>
  );
}

/** What the faults have done since they were changed. */
function Struck({ injected }: { readonly injected: Faults['injected'] }) {
  const all = Object.entries(injected);
  if (all.length === 0) return null;
  return (
    <p class="struck">
      They have struck:
      {all.map(([call, times]) => (
        <span key={call}>
          <code>{call}</code> {times} ×
        </span>
      ))}
    </p>
  );
}

/** The plan as JSON: any fault that the local cloud has. */
function PlanEditor({
  faults,
  onPlan,
}: {
  readonly faults: Faults;
  readonly onPlan: (plan: unknown) => Promise<unknown>;
}) {
  const current = JSON.stringify({ faults: faults.plan.faults }, null, 2);
  const [draft, setDraft] = useState<string>();
  const [error, setError] = useState<string>();
  const apply = async () => {
    try {
      await onPlan(JSON.parse(draft ?? current));
      setError(undefined);
      setDraft(undefined);
    } catch (failure) {
      setError(`The plan is not JSON: ${(failure as Error).message}.`);
    }
  };
  return (
    <details>
      <summary>The whole plan, as JSON</summary>
      <ErrorNotice error={error} />
      <textarea
        rows={10}
        aria-label="Fault plan"
        spellcheck={false}
        value={draft ?? current}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
      />
      <div class="bar">
        <button type="button" onClick={() => void apply()}>
          Apply
        </button>
        {draft !== undefined && (
          <button type="button" onClick={() => setDraft(undefined)}>
            Undo
          </button>
        )}
      </div>
    </details>
  );
}
