/** Who gets an event, and sending it to one of them again. */
import { useState } from 'preact/hooks';
import type { ArchivedEvent, EventReceiver, ResendMessage, ResendRequest } from '../../api/event';
import type { ViewProps } from '../app';
import { Badge } from '../parts/badge';
import { Notice } from '../parts/notice';
import { stream } from '../server';

interface Props extends Pick<ViewProps, 'about'> {
  readonly archived: ArchivedEvent;
  /** Path of the route that sends it again. */
  readonly path: string;
}

export function Receivers({ about, archived: { bus, receivers }, path }: Props) {
  const [asked, ask] = useState<EventReceiver>();
  const [said, say] = useState<{ readonly kind: 'good' | 'bad' | 'note'; readonly text: string }>();
  const send = async (wish: ResendRequest) => {
    ask(undefined);
    say({ kind: 'note', text: `Sending it to ${wish.rule} …` });
    try {
      let last: ResendMessage | undefined;
      for await (const message of stream<ResendMessage>(path, wish)) last = message;
      const isDone = last?.state === 'COMPLETED';
      say({ kind: isDone ? 'good' : 'bad', text: `The replay to ${wish.rule} ended as ${last?.state}.` });
    } catch (error) {
      say({ kind: 'bad', text: (error as Error).message });
    }
  };
  return (
    <>
      <h3>Who gets it on the {bus} bus</h3>
      {receivers.length === 0 ? <p>Nobody: no rule matches it.</p> : null}
      <ul class="receivers">
        {receivers.map((receiver) => (
          <li key={receiver.rule}>
            <strong>{receiver.rule}</strong> {receiver.isEnabled ? null : <Badge tone="warn">disabled</Badge>}{' '}
            {about.allowsChanges && receiver.isEnabled ? (
              <button type="button" class="small" onClick={() => ask(receiver)}>
                Send again …
              </button>
            ) : null}
            {receiver.targets.map((target) => (
              <div key={target} class="mono dim">
                {target}
              </div>
            ))}
          </li>
        ))}
      </ul>
      {asked ? (
        <section class="notice" aria-label="Confirm">
          <p>
            {asked.rule} gets this event once more, under the same id, with <code>replay-name</code> in its envelope.
            Its targets must allow the temporary rule <code>{asked.rule}-replay-…</code>.{' '}
            {about.where === 'aws' ? 'It takes two minutes.' : ''}
          </p>
          <button type="button" class="primary" onClick={() => send({ rule: asked.rule, bus })}>
            Send it again
          </button>{' '}
          <button type="button" onClick={() => ask(undefined)}>
            Leave it
          </button>
        </section>
      ) : null}
      {said ? <Notice kind={said.kind}>{said.text}</Notice> : null}
    </>
  );
}
