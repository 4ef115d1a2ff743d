import type { ComponentChildren } from 'preact';
import './notice.css';

/** A message that the person should see; a screen reader says a bad one at once. */
export const Notice = ({
  kind,
  children,
}: {
  readonly kind: 'good' | 'bad' | 'note';
  readonly children: ComponentChildren;
}) => (
  <p class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
    {children}
  </p>
);

/** What went wrong; nothing if nothing did. */
export const ErrorNotice = ({ error }: { readonly error: string | undefined }) =>
  error === undefined ? null : <Notice kind="bad">{error}</Notice>;
