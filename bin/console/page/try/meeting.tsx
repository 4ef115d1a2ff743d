import { useState } from 'preact/hooks';
import type { MeetingRequest, PlayableProvider, Played } from '../../api/try';
import { EndNotice, StopButton, useStream } from '../parts/stream';
import { Answers } from './answers';

/** How much faster than the clock, by the value of the choice. */
const SPEEDS = {
  now: 'as fast as it goes',
  600: '600 × faster',
  60: '60 × faster',
  10: '10 × faster',
  1: 'in real time',
};

/** Object keys that are numbers come first, so the order is written down. */
const ORDER = ['now', '600', '60', '10', '1'] as const;

const ALL = '*';

/** Plays a whole meeting of a provider, or of all at the same time. */
export function PlayMeeting({ providers }: { readonly providers: readonly PlayableProvider[] }) {
  const [who, setWho] = useState(ALL);
  const [speed, setSpeed] = useState<string>('600');
  const playing = useStream<Played>();
  const play = () => {
    const names = who === ALL ? providers.map(({ name }) => name) : [who];
    const request: MeetingRequest = { providers: names, speed: speed === 'now' ? null : Number(speed) };
    void playing.start('api/try/meeting', request);
  };
  const titles = new Map(providers.map(({ name, title }) => [name, title]));
  return (
    <section aria-labelledby="meeting">
      <h2 id="meeting">Play a meeting</h2>
      <div class="bar">
        <label>
          Meeting of{' '}
          <select value={who} onChange={({ currentTarget }) => setWho(currentTarget.value)}>
            <option value={ALL}>all providers</option>
            {providers.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Speed{' '}
          <select value={speed} onChange={({ currentTarget }) => setSpeed(currentTarget.value)}>
            {ORDER.map((value) => (
              <option key={value} value={value}>
                {SPEEDS[value]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="primary" onClick={play} disabled={playing.isRunning}>
          Play
        </button>
        <StopButton {...playing} />
      </div>
      <EndNotice {...playing} />
      <Progress last={playing.values.at(-1)} />
      <Answers
        answers={playing.values.map(({ provider, event, ...answer }) => ({
          ...answer,
          what: `${titles.get(provider) ?? provider}: ${event}`,
        }))}
      />
    </section>
  );
}

function Progress({ last }: { readonly last: Played | undefined }) {
  if (!last) return null;
  return (
    <p>
      <label>
        <progress value={last.sent} max={last.total} /> {last.sent} of {last.total} deliveries
      </label>
    </p>
  );
}
