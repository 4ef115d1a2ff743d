import { useEffect, useState } from 'preact/hooks';
import type { About } from '../../api';
import type { PatternTest, PatternVerdicts, RecentEvents } from '../../api/patterns';
import { linkTo } from '../location';
import { Notice } from '../parts/notice';
import { post } from '../server';
import { Verdicts } from './verdicts';

/** What the pattern is tested with, in the words of the choice. */
const AGAINST = {
  examples: 'an example of each type',
  recent: 'real events',
  event: 'an event that I paste',
} as const;

type Against = keyof typeof AGAINST;

const START = JSON.stringify({ 'detail-type': ['recording.ready'] }, null, 2);

/** How far back real events are read. */
const MINUTES = 15;

/** Tells which events a pattern matches. EventBridge decides. */
export function PatternTester({ about, given }: { readonly about: About; readonly given: string }) {
  const [pattern, setPattern] = useState(START);
  const [against, setAgainst] = useState<Against>('examples');
  const [event, setEvent] = useState('');
  const [state, setState] = useState<State>({});
  // A link to the tester brings a pattern.
  useEffect(() => {
    if (given !== '') setPattern(indented(given));
  }, [given]);

  // On AWS reading takes minutes: what was read stays until the person wants it read again.
  const known = about.where === 'local' ? undefined : state.read;
  const test = async (read: RecentEvents | undefined) => {
    setState({ isBusy: true, ...(read && { read }) });
    const tested: PatternTest = { pattern, against: against === 'event' ? { event } : against };
    try {
      setState({ ...(await verdictsOf(tested, read)), tested });
    } catch (failure) {
      setState({ error: (failure as Error).message, ...(read && { read }) });
    }
  };
  return (
    <section aria-label="Pattern tester" class="tester">
      <p>
        Which events does a rule with this pattern get? EventBridge itself answers, by its call{' '}
        <code>TestEventPattern</code>.
      </p>
      <label for="pattern">Pattern</label>
      <textarea
        id="pattern"
        rows={8}
        spellcheck={false}
        value={pattern}
        onInput={({ currentTarget }) => setPattern(currentTarget.value)}
      />
      <AgainstChoice about={about} against={against} onChange={setAgainst} />
      {against === 'event' && (
        <textarea
          aria-label="Event"
          rows={10}
          spellcheck={false}
          placeholder="An envelope of EventBridge, or the CloudEvent in its detail"
          value={event}
          onInput={({ currentTarget }) => setEvent(currentTarget.value)}
        />
      )}
      <p class="bar">
        <button type="button" class="primary" onClick={() => void test(known)} disabled={state.isBusy}>
          Test
        </button>
        {known && against === 'recent' && !state.isBusy && (
          <button type="button" onClick={() => void test(undefined)}>
            Read the events again
          </button>
        )}
        {state.isBusy && <span role="status">Testing …</span>}
      </p>
      <Result about={about} state={state} />
    </section>
  );
}

/** Has a pattern tested; with real events, these are read first unless they were. */
async function verdictsOf(tested: PatternTest, read: RecentEvents | undefined): Promise<State> {
  if (tested.against !== 'recent') {
    return { verdicts: await post('api/patterns/test', tested), ...(read && { read }) };
  }
  // Nobody should wait for the events of a pattern that is not valid.
  if (!read) await post('api/patterns/test', { ...tested, against: { event: '{}' } } satisfies PatternTest);
  const events = read ?? (await post<RecentEvents>('api/patterns/recent', { minutes: MINUTES }));
  return { verdicts: await post('api/patterns/test', tested), read: events };
}

interface State {
  readonly isBusy?: boolean;
  readonly error?: string;
  readonly read?: RecentEvents;
  readonly verdicts?: PatternVerdicts;
  /** What the verdicts are about: the person may have changed the pattern since. */
  readonly tested?: PatternTest;
}

/** The choice of events to test with. */
const AgainstChoice = ({
  about,
  against,
  onChange,
}: {
  readonly about: About;
  readonly against: Against;
  readonly onChange: (against: Against) => void;
}) => (
  <>
    <fieldset>
      <legend>Test it with</legend>
      {(Object.keys(AGAINST) as Against[]).map((value) => (
        <label key={value}>
          <input
            type="radio"
            name="against"
            checked={against === value}
            disabled={value === 'recent' && !about.allowsChanges}
            onChange={() => onChange(value)}
          />{' '}
          {AGAINST[value]}
          {value === 'recent' && ` of the last ${MINUTES} minutes`}
        </label>
      ))}
    </fieldset>
    <ReadingNote about={about} />
  </>
);

const Result = ({ about, state }: { readonly about: About; readonly state: State }) => (
  <>
    {state.error !== undefined && <Notice kind="bad">{state.error}</Notice>}
    {state.tested?.against === 'recent' && state.read?.events.length === 0 && (
      <Notice kind="note">
        There were no events in the last {MINUTES} minutes.{' '}
        {about.where === 'local' && <a href={linkTo('try')}>Send some</a>}
      </Notice>
    )}
    {state.tested?.against === 'recent' && state.read?.leavesOut && (
      <Notice kind="note">Only the newest events are tested.</Notice>
    )}
    {state.verdicts && state.tested && <Verdicts {...state.verdicts} tested={state.tested} />}
  </>
);

/** What reading real events takes on AWS. */
function ReadingNote({ about }: { readonly about: About }) {
  if (about.where === 'local') return null;
  return (
    <p class="dim">
      {about.allowsChanges
        ? 'Real events come from the archive: a replay sends them to a temporary queue, which takes some minutes.'
        : 'Real events come from the archive by a replay to a temporary queue. Start the console with --allow-changes for that.'}
    </p>
  );
}

/** JSON with indents; any other text as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
