/** The messages of one queue, which stay there. */
import { useEffect, useState } from 'preact/hooks';
import type { About } from '../../api';
import type { DeadLetter, DeadLetters } from '../../api/dead-letters';
import { linkTo } from '../location';
import { Advice, Notes } from '../parts/advice';
import { Badge } from '../parts/badge';
import { ErrorNotice, Notice } from '../parts/notice';
import { Tree } from '../parts/tree';
import { When } from '../parts/when';
import { post, useLoaded } from '../server';

interface MessagesProps {
  readonly queue: string;
  readonly about: About;
  /** Changes when they must be read again. */
  readonly round: number;
  readonly onChanged: () => void;
}

const FIRST = 10;
const MOST = 100;

export function Messages({ queue, about, round, onChanged }: MessagesProps) {
  const [limit, setLimit] = useState(FIRST);
  const { data, error, isLoading, reload } = useLoaded<DeadLetters>(`api/dead-letters/${queue}?limit=${limit}`);
  useEffect(() => {
    if (round > 0) reload();
  }, [round]);
  return (
    <section aria-busy={isLoading} aria-label={`Messages of ${queue}`}>
      <h2>Messages of {queue}</h2>
      <ErrorNotice error={error} />
      {data?.held !== undefined && <Notes texts={[data.held]} />}
      {data?.whyNoLogs !== undefined && (
        <Notice kind="note">What the logs say of them is not known: {data.whyNoLogs}</Notice>
      )}
      {data?.messages.length === 0 && data.held === undefined && <p>The dead-letter queue of {queue} is empty.</p>}
      {data?.messages.map((message) => (
        <Message key={message.messageId} {...{ message, queue, about, onChanged }} loss={data.loss} />
      ))}
      {data?.messages.length === limit && limit < MOST && (
        <button type="button" onClick={() => setLimit(MOST)}>
          Look at up to {MOST}
        </button>
      )}
      {!data && error === undefined && <p class="dim">Looking …</p>}
    </section>
  );
}

interface MessageProps {
  readonly message: DeadLetter;
  readonly queue: string;
  readonly about: About;
  readonly loss: string;
  readonly onChanged: () => void;
}

function Message({ message, queue, about, loss, onChanged }: MessageProps) {
  const { messageId, eventId, providerEvent, receivedTime, sentTime, receives, why, isBroken, body } = message;
  return (
    <article class="card">
      <h3>
        {providerEvent === '' ? 'A message without the name of an event' : <span class="mono">{providerEvent}</span>}{' '}
        {isBroken && <Badge tone="bad">broken: no redrive helps</Badge>}
      </h3>
      <p class="why">
        <Advice text={why} />
      </p>
      <dl>
        <dt>message</dt>
        <dd class="mono">{messageId}</dd>
        {eventId !== '' && (
          <>
            <dt>event</dt>
            <dd class="mono">
              <a href={linkTo('event', eventId)}>{eventId}</a>
            </dd>
          </>
        )}
        <dt>came</dt>
        <dd>
          <When time={receivedTime || sentTime} />, received {receives} times
        </dd>
      </dl>
      <details>
        <summary>What it holds, without credentials and links</summary>
        <Tree value={body} />
      </details>
      {about.allowsChanges && <Delete {...{ queue, messageId, loss, onChanged }} />}
    </article>
  );
}

interface DeleteProps {
  readonly queue: string;
  readonly messageId: string;
  readonly loss: string;
  readonly onChanged: () => void;
}

function Delete({ queue, messageId, loss, onChanged }: DeleteProps) {
  const [step, setStep] = useState<'closed' | 'asked' | 'running'>('closed');
  const [error, setError] = useState<string>();
  if (step === 'closed') {
    return (
      <button type="button" class="small danger" onClick={() => setStep('asked')}>
        Delete …
      </button>
    );
  }
  const remove = () => {
    setStep('running');
    setError(undefined);
    post('api/dead-letters/delete', { queue, messageId }).then(onChanged, (failure: Error) => {
      setStep('asked');
      setError(failure.message);
    });
  };
  return (
    <section class="sure" aria-label="Delete this message">
      <p>{loss} To keep it, download it first, below.</p>
      <ErrorNotice error={error} />
      <div class="bar">
        <button type="button" class="danger" disabled={step === 'running'} onClick={remove}>
          Delete it for good
        </button>
        <button type="button" disabled={step === 'running'} onClick={() => setStep('closed')}>
          Keep it
        </button>
      </div>
    </section>
  );
}
