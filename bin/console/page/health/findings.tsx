/** The doctor's findings, as they come. */
import { useEffect } from 'preact/hooks';
import type { About } from '../../api';
import type { CheckProgress, Finding } from '../../api/health';
import { Advice } from '../parts/advice';
import { Badge, type Tone } from '../parts/badge';
import { ErrorNotice, Notice } from '../parts/notice';
import { useStream } from '../parts/stream';
import { findingsIn, pendingIn } from './findings-order';

const TONES: Readonly<Record<Finding['status'], Tone>> = { ok: 'good', warning: 'warn', problem: 'bad' };

export function Findings({ about }: { readonly about: About }) {
  const { values, isRunning, error, start } = useStream<CheckProgress>();
  const isLocal = about.where === 'local';
  const examine = () => void start('api/health/check', { since: '1h' });
  // On AWS it sends requests and a probe, and Logs Insights costs money.
  useEffect(() => {
    if (isLocal) examine();
  }, [isLocal]);
  const findings = findingsIn(values);
  const fine = findings.filter(({ status }) => status === 'ok');
  const pending = pendingIn(values);
  return (
    <section aria-busy={isRunning}>
      <h2>Checks</h2>
      {!isLocal && (
        <p>
          These are the checks of <code>npx meetbus doctor</code>. They look back an hour and change nothing.{' '}
          {about.allowsChanges
            ? 'They send one unsigned request to each route, and one probe through the API to the shared bus, whose events no subscriber sees.'
            : 'This console only reads: it leaves out the unsigned request to each route, and the probe.'}
        </p>
      )}
      <div class="bar">
        <button type="button" disabled={isRunning} onClick={examine}>
          {values.length === 0 ? 'Run the checks' : 'Run again'}
        </button>
        {isRunning && pending.length > 0 && <span class="dim">Still running: {pending.join(', ')} …</span>}
      </div>
      <ErrorNotice error={error} />
      <div aria-live="polite">
        {!isRunning && findings.length > 0 && findings.length === fine.length && (
          <Notice kind="good">All checks passed.</Notice>
        )}
        {findings
          .filter(({ status }) => status !== 'ok')
          .map((finding) => (
            <One key={`${finding.check} ${finding.message}`} {...finding} />
          ))}
      </div>
      {fine.length > 0 && (
        <details>
          <summary>{fine.length} passed</summary>
          {fine.map((finding) => (
            <One key={`${finding.check} ${finding.message}`} {...finding} />
          ))}
        </details>
      )}
    </section>
  );
}

const One = ({ check, status, message, remedy }: Finding) => (
  <article class="finding">
    <p>
      <Badge tone={TONES[status]}>{status}</Badge> <strong>{check}</strong>: <Advice text={message} />
    </p>
    {remedy !== undefined && (
      <p class="remedy">
        <Advice text={remedy} />
      </p>
    )}
  </article>
);
