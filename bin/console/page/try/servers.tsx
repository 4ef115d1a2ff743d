import { useState } from 'preact/hooks';
import type { Servers } from '../../api/try';
import { Badge } from '../parts/badge';
import { ErrorNotice } from '../parts/notice';
import { post, useLoaded } from '../server';

/** The ways in plain words; another one is shown as it is. */
const WAYS: Readonly<Record<string, string>> = {
  down: 'cuts each connection',
  unavailable: 'answers 503',
  no_answer: 'does not answer',
  other_key: 'has another key',
};

/** Breaks the servers from which verifiers get public keys. */
export function BrokenServers() {
  const { data: loaded, error: failure } = useLoaded<Servers>('api/fakes');
  const [changed, setChanged] = useState<Servers>();
  const [error, setError] = useState<string>();
  const { servers } = changed ?? loaded ?? {};
  const set = (name: string, way: string) =>
    post<Servers>('api/fakes/break', { name, way: way || null }).then(
      (now) => {
        setError(undefined);
        setChanged(now);
      },
      (thrown: Error) => setError(thrown.message),
    );
  if (servers?.length === 0) return null;
  return (
    <section aria-labelledby="servers">
      <h2 id="servers">Sources of keys</h2>
      <ErrorNotice error={error ?? failure} />
      {servers?.map(({ name, title, ways, broken }) => (
        <p key={name} class="bar">
          <label>
            The key server of {title}{' '}
            <select value={broken ?? ''} onChange={({ currentTarget }) => void set(name, currentTarget.value)}>
              <option value="">works</option>
              {ways.map((way) => (
                <option key={way} value={way}>
                  {WAYS[way] ?? way}
                </option>
              ))}
            </select>
          </label>
          {broken !== null && <Badge tone="warn">broken</Badge>}
        </p>
      ))}
      <p class="dim">
        A verifier that has the key does not ask for it at each delivery, and keeps it while the server is broken. One
        that has none answers 503, so that the provider tries again.
      </p>
    </section>
  );
}
