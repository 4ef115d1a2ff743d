import type { EventReceiver, Station } from '../../api/event';
import { Badge, type Tone } from '../parts/badge';
import { durationOf } from '../parts/duration';

const TONES: Readonly<Record<Station['state'], Tone>> = {
  passed: 'good',
  stopped: 'bad',
  waiting: 'warn',
  unseen: 'plain',
};

const WORDS: Readonly<Record<Station['state'], string>> = {
  passed: 'passed',
  stopped: 'ended here',
  waiting: 'is here',
  unseen: 'not seen',
};

interface Props {
  readonly stations: readonly Station[];
  /** The rules that it matches; absent as long as that is not known. */
  readonly receivers?: readonly EventReceiver[] | undefined;
}

/** The places on the way of an event, up to the one where it is or has ended, and the rules that it matches. */
export const Way = ({ stations, receivers }: Props) => (
  <ol class="way">
    {stations.map(({ name, state, time, tookMs, says }) => (
      <li key={name} class={state}>
        <strong>{name}</strong> <Badge tone={TONES[state]}>{WORDS[state]}</Badge>
        <span class="dim times">
          {time ? <time dateTime={time}>{time.slice(11, 23)}</time> : null}
          {tookMs === undefined ? '' : ` · ${durationOf(tookMs)}`}
        </span>
        <span class="says">{says}</span>
      </li>
    ))}
    {receivers ? (
      <li class="passed">
        <strong>rules</strong> <Badge tone="good">{receivers.length} match</Badge>
        <span />
        <span class="says">{receivers.map(({ rule, targets }) => `${rule} to ${targets.map(nameOf)}`).join('; ')}</span>
      </li>
    ) : null}
  </ol>
);

/** The last part of an ARN, which says enough here. */
const nameOf = (arn: string): string => arn.split(':').slice(5).join(':') || arn;
