import { useState } from 'preact/hooks';
import type { PatternExplanation, PatternQuestion, PatternTest, PatternVerdicts } from '../../api/patterns';
import { linkTo } from '../location';
import { Badge } from '../parts/badge';
import { Notice } from '../parts/notice';
import { post } from '../server';

type Verdict = PatternVerdicts['verdicts'][number];

/** The events that match, and those that do not, each of which can be explained. */
export function Verdicts({ verdicts, tested }: PatternVerdicts & { readonly tested: PatternTest }) {
  const matching = verdicts.filter(({ matches }) => matches);
  const others = verdicts.filter(({ matches }) => !matches);
  return (
    <>
      <p role="status">
        It matches {matching.length} of {verdicts.length} {verdicts.length === 1 ? 'event' : 'events'}.
      </p>
      <ul class="verdicts">
        {[...matching, ...others].map((verdict) => (
          <li key={verdict.key}>
            <Badge tone={verdict.matches ? 'good' : 'plain'}>{verdict.matches ? 'matches' : 'does not match'}</Badge>{' '}
            <Named verdict={verdict} />
            {!verdict.matches && <Why verdict={verdict} tested={tested} />}
          </li>
        ))}
      </ul>
    </>
  );
}

const Named = ({ verdict: { type, provider, subject, time, correlationId } }: { readonly verdict: Verdict }) => (
  <>
    {correlationId ? (
      <a href={linkTo('event', correlationId)}>{type}</a>
    ) : (
      <a href={linkTo('catalogue', type)}>{type}</a>
    )}{' '}
    <span class="dim">
      {provider} {subject} {time}
    </span>
  </>
);

/** Asks why an event does not match, when the person wants to know. */
function Why({ verdict, tested }: { readonly verdict: Verdict; readonly tested: PatternTest }) {
  const [explanation, setExplanation] = useState<PatternExplanation>();
  const [error, setError] = useState<string>();
  const explain = () => {
    const event = typeof tested.against === 'object' ? tested.against : { key: verdict.key };
    const question: PatternQuestion = { pattern: tested.pattern, event };
    post<PatternExplanation>('api/patterns/explain', question).then(setExplanation, (failure: Error) =>
      setError(failure.message),
    );
  };
  if (error !== undefined) return <Notice kind="bad">{error}</Notice>;
  if (!explanation) {
    return (
      <>
        {' '}
        <button type="button" class="small" onClick={explain}>
          Why not?
        </button>
      </>
    );
  }
  if (explanation.failed.length === 0) {
    return (
      <p class="why" role="status">
        Each test passes alone, but no single entry of a list passes those about it together.
      </p>
    );
  }
  return (
    <div role="status">
      <ul class="why">
        {explanation.failed.map(({ field, wanted, found }) => (
          <li key={field}>
            <Mismatch field={field} wanted={wanted} found={found} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const Mismatch = ({ field, wanted, found }: PatternExplanation['failed'][number]) => {
  const asked = <code>{JSON.stringify(wanted)}</code>;
  if (field.endsWith('$or')) return <>None of the alternatives in {asked} matches.</>;
  if (found.length === 0) {
    return (
      <>
        The event has no <code>{field}</code>; the pattern asks for {asked}.
      </>
    );
  }
  return (
    <>
      <code>{field}</code> is <code>{found.map((value) => JSON.stringify(value)).join(', ')}</code>; the pattern asks
      for {asked}.
    </>
  );
};
