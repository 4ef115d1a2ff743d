/** One section of the runbook. */
import { useEffect, useRef } from 'preact/hooks';
import type { RunbookSection } from '../../api/health';
import { linkTo } from '../location';
import { ErrorNotice } from '../parts/notice';
import { useLoaded } from '../server';

export function Runbook({ section }: { readonly section: string }) {
  const { data, error } = useLoaded<RunbookSection>(`api/runbook/${encodeURIComponent(section)}`);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [data]);
  return (
    <aside class="runbook" aria-label="Runbook">
      <a href={linkTo('health')}>Close the runbook</a>
      <ErrorNotice error={error} />
      {data && (
        <>
          <h2 ref={heading} tabIndex={-1}>
            {data.title}
          </h2>
          {/* Our own file, which the server renders without any HTML that is in it. */}
          <div dangerouslySetInnerHTML={{ __html: data.html }} />
        </>
      )}
    </aside>
  );
}
