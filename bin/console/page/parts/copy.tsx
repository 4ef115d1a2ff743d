import { useState } from 'preact/hooks';

/** A button that copies a text. */
export function Copy({ text, label = 'Copy' }: { readonly text: string | (() => string); readonly label?: string }) {
  const [said, setSaid] = useState(label);
  const copy = async () => {
    // Outside https and loopback, browsers have no clipboard.
    const copied = await navigator.clipboard?.writeText(typeof text === 'string' ? text : text()).then(
      () => true,
      () => false,
    );
    setSaid(copied ? 'Copied' : 'Not allowed');
    setTimeout(() => setSaid(label), 1_500);
  };
  return (
    <button type="button" class="small" onClick={copy}>
      <span aria-live="polite">{said}</span>
    </button>
  );
}
