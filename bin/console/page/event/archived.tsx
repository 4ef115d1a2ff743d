/** What came beside what was made of it, and who gets it. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ArchivedEvent, ArchiveMessage, EventPage } from '../../api/event';
import type { ViewProps } from '../app';
import { linkTo } from '../location';
import { Copy } from '../parts/copy';
import { Notice } from '../parts/notice';
import { Tree } from '../parts/tree';
import { stream } from '../server';
import { curlOf, fixtureOf, patternOf } from './copies';
import { Receivers } from './receivers';

/** What is known of the archive's copy. */
interface Reading {
  readonly state: 'not yet' | 'reading' | 'read';
  readonly archived?: ArchivedEvent;
  readonly error?: string;
}

interface Props extends Pick<ViewProps, 'about'> {
  readonly page: EventPage;
  readonly archive: Archive;
  /** Path of the route that sends it again. */
  readonly resend: string;
}

export function Archived({ about, page, archive: { archived, error, state, read }, resend }: Props) {
  return (
    <section aria-labelledby="made">
      <h2 id="made">What came, and what was made of it</h2>
      {state === 'not yet' ? <Ask about={about} onAsk={read} /> : null}
      {state === 'reading' ? <p role="status">Reading the archive …</p> : null}
      {error === undefined ? null : <Notice kind="bad">{error}</Notice>}
      {state === 'read' && !archived && error === undefined ? (
        <Notice kind="note">
          The archive does not have it, or not yet: on AWS an event may take ten minutes to get there.{' '}
          <button type="button" class="small" onClick={read}>
            Read again
          </button>
        </Notice>
      ) : null}
      {archived ? <Beside archived={archived} /> : null}
      <div class="bar">
        <span class="dim">Copy as</span>
        {archived ? <Copy label="curl" text={() => curlOf(page, archived)} /> : null}
        {archived ? <Copy label="test fixture" text={() => fixtureOf(archived)} /> : null}
        <Copy label="rule pattern" text={() => patternOf(page)} />
        <a href={linkTo('catalogue', '', { pattern: patternOf(page) })}>Test the pattern</a>
      </div>
      {archived ? <Receivers about={about} archived={archived} path={resend} /> : null}
    </section>
  );
}

/** The archive's copy, and how to read it. */
export type Archive = Reading & { readonly read: () => void };

/**
 * Reads the archive when a person asks for it.
 *
 * @param isAtOnce reads it without being asked
 */
export function useArchive(path: string, isAtOnce: boolean): Archive {
  const [reading, set] = useState<Reading>({ state: 'not yet' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round === 0 && !isAtOnce) return;
    const gone = new AbortController();
    const fetchIt = async () => {
      set({ state: 'reading' });
      for await (const message of stream<ArchiveMessage>(path, {}, gone.signal)) set(message);
    };
    fetchIt().catch((error: Error) => gone.signal.aborted || set({ state: 'read', error: error.message }));
    return () => gone.abort();
  }, [path, round, isAtOnce]);
  const read = useCallback(() => setRound((number) => number + 1), []);
  return { ...reading, read };
}

function Ask({ about, onAsk }: Pick<ViewProps, 'about'> & { readonly onAsk: () => void }) {
  if (about.where === 'local') return null;
  return (
    <>
      <p>
        The archive of the intake bus has both. Reading it takes two minutes or more. For that time there is a temporary
        rule on the intake bus and a temporary queue, both named <code>meetbus-tail-…</code>, and a replay of this
        event.
      </p>
      {about.allowsChanges ? (
        <button type="button" class="primary" onClick={onAsk}>
          Read it from the archive
        </button>
      ) : (
        <Notice kind="note">
          This console only reads. Start it with <code>--allow-changes</code>.
        </Notice>
      )}
    </>
  );
}

const Beside = ({ archived: { came, became } }: { readonly archived: ArchivedEvent }) => (
  <div class="beside">
    <div>
      <h3>What came</h3>
      {came === undefined ? (
        <p class="dim">It was not kept, because it may hold a credential.</p>
      ) : (
        <Tree value={came} open={4} />
      )}
    </div>
    <div>
      <h3>What was made of it</h3>
      <Tree value={became} open={4} />
    </div>
  </div>
);
