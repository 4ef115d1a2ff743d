import { useState } from 'preact/hooks';
import type { PlayableProvider } from '../../api/try';
import { hasWords } from '../parts/words';

/** A list of the samples of all providers, with a search. */
export function SamplePicker({
  providers,
  provider,
  event,
  onPick,
}: {
  readonly providers: readonly PlayableProvider[];
  readonly provider: string;
  readonly event: string;
  readonly onPick: (provider: string, event: string) => void;
}) {
  const [search, setSearch] = useState('');
  const isFound = hasWords(search);
  const found = providers
    .map(({ name, title, events }) => ({ name, title, events: events.filter((one) => isFound(`${title} ${one}`)) }))
    .filter(({ events }) => events.length > 0);
  return (
    <div class="picker">
      <label>
        Search samples{' '}
        <input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
      </label>
      <select
        size={7}
        aria-label="Sample"
        value={`${provider} ${event}`}
        onChange={({ currentTarget }) => {
          const [chosen = '', ...name] = currentTarget.value.split(' ');
          onPick(chosen, name.join(' '));
        }}
      >
        {found.map(({ name, title, events }) => (
          <optgroup key={name} label={title}>
            {events.map((one) => (
              <option key={one} value={`${name} ${one}`}>
                {one}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {found.length === 0 && <p role="status">No sample has these words.</p>}
    </div>
  );
}
