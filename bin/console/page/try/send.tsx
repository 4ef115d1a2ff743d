import { useEffect, useState } from 'preact/hooks';
import type { PlayableProvider, Sample, SampleRequest, SendRequest, Sent } from '../../api/try';
import { linkTo, type Place } from '../location';
import { ErrorNotice } from '../parts/notice';
import { EndNotice, StopButton, useStream } from '../parts/stream';
import { post } from '../server';
import { Answers } from './answers';
import { SamplePicker } from './sample-picker';

/** A sample as it was made, and as the person has edited it. */
interface Draft extends Sample {
  readonly provider: string;
  readonly event: string;
  readonly edited: string;
}

interface Options {
  readonly signing: SendRequest['signing'];
  readonly each: SendRequest['each'];
  readonly count: number;
}

/** Sends a sample, edited or not, signed or not, once or often. */
export function SendDelivery({
  providers,
  place: { query },
}: {
  readonly providers: readonly PlayableProvider[];
  readonly place: Place;
}) {
  const first = providers[0];
  const provider = query.get('provider') ?? first?.name ?? '';
  const event = query.get('event') ?? providers.find(({ name }) => name === provider)?.events[0] ?? '';
  const [draft, setDraft] = useState<Draft>();
  const [error, setError] = useState<string>();
  const [options, setOptions] = useState<Options>({ signing: 'genuine', each: 'same', count: 1 });
  const sending = useStream<Sent>();

  const renew = (signal?: AbortSignal) =>
    post<Sample>('api/try/sample', { provider, event } satisfies SampleRequest, signal).then(
      (sample) => {
        setError(undefined);
        setDraft({ ...sample, provider, event, edited: sample.body });
      },
      (failure: Error) => signal?.aborted || setError(failure.message),
    );
  useEffect(() => {
    const gone = new AbortController();
    void renew(gone.signal);
    return () => gone.abort();
  }, [provider, event]);

  const send = () => {
    if (!draft) return;
    const sample = { event: draft.event, body: draft.body };
    const request: SendRequest = { provider: draft.provider, body: draft.edited, sample, ...options };
    void sending.start('api/try/send', request);
  };
  const pick = (chosen: string, name: string) => {
    location.hash = linkTo('try', '', { provider: chosen, event: name });
  };

  return (
    <section aria-labelledby="send">
      <h2 id="send">Send a delivery</h2>
      <SamplePicker providers={providers} provider={provider} event={event} onPick={pick} />
      <ErrorNotice error={error} />
      {draft && (
        <>
          <BodyEditor draft={draft} onEdit={(edited) => setDraft({ ...draft, edited })} onRenew={() => void renew()} />
          <OptionsBar options={options} onChange={setOptions} />
          <div class="bar">
            <button type="button" class="primary" onClick={send} disabled={sending.isRunning}>
              Send
            </button>
            <StopButton {...sending} />
          </div>
        </>
      )}
      <EndNotice {...sending} />
      <Answers answers={sending.values} />
    </section>
  );
}

function BodyEditor({
  draft,
  onEdit,
  onRenew,
}: {
  readonly draft: Draft;
  readonly onEdit: (text: string) => void;
  readonly onRenew: () => void;
}) {
  const fault = faultIn(draft.edited);
  return (
    <>
      <div class="bar">
        <label for="body">
          Body for <code>POST {draft.route}</code>
        </label>
        <button type="button" class="small" onClick={onRenew}>
          New sample
        </button>
      </div>
      <textarea
        id="body"
        class="body"
        rows={16}
        spellcheck={false}
        autocomplete="off"
        value={draft.edited}
        aria-describedby="body-fault"
        onInput={({ currentTarget }) => onEdit(currentTarget.value)}
      />
      <p id="body-fault" class="dim" aria-live="polite">
        {fault === undefined ? '' : `Not JSON: ${fault}. It is sent as it is.`}
      </p>
    </>
  );
}

/** Why a text is not JSON; undefined if it is. */
function faultIn(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const SIGNINGS: Readonly<Record<Options['signing'], string>> = {
  genuine: 'correct',
  wrong: 'wrong on purpose',
  stale: 'correct, but too old',
};

const EACH: Readonly<Record<Options['each'], string>> = {
  same: 'the same delivery again',
  new: 'new samples with the same changes',
};

function OptionsBar({
  options,
  onChange,
}: {
  readonly options: Options;
  readonly onChange: (options: Options) => void;
}) {
  return (
    <div class="bar">
      <label>
        Signature{' '}
        <select
          value={options.signing}
          onChange={({ currentTarget }) => onChange({ ...options, signing: currentTarget.value as Options['signing'] })}
        >
          {Object.entries(SIGNINGS).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Times{' '}
        <input
          type="number"
          min={1}
          max={1000}
          value={options.count}
          onInput={({ currentTarget }) => onChange({ ...options, count: countIn(currentTarget.value) })}
        />
      </label>
      {options.count > 1 && (
        <label>
          Each is{' '}
          <select
            value={options.each}
            onChange={({ currentTarget }) => onChange({ ...options, each: currentTarget.value as Options['each'] })}
          >
            {Object.entries(EACH).map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/** A whole number from 1 to 1000, whatever was typed. */
const countIn = (text: string): number => Math.min(1000, Math.max(1, Math.trunc(Number(text)) || 1));
