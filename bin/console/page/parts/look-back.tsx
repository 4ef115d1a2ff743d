/** How far a view looks back. The choice is part of the page's address. */
import { linkTo, type Place } from '../location';

const CHOICES: Readonly<Record<string, string>> = { '1h': 'hour', '3h': '3 hours', '24h': '24 hours', '7d': '7 days' };

/** As an option `--since` takes it. */
export const sinceIn = ({ query }: Place): string => query.get('since') ?? '1h';

export function LookBack({ place, onReload }: { readonly place: Place; readonly onReload: () => void }) {
  const since = sinceIn(place);
  return (
    <div class="bar">
      <label>
        The last{' '}
        <select
          value={since}
          onChange={({ currentTarget }) => {
            location.hash = linkTo(place.view, place.about, { since: currentTarget.value });
          }}
        >
          {Object.entries({ ...CHOICES, [since]: CHOICES[since] ?? since }).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={onReload}>
        Reload
      </button>
    </div>
  );
}
