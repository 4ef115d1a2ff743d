import type { ComponentChildren } from 'preact';
import './badge.css';

/** How something went. The word tells too: colour alone never does. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** A word with a colour. */
export const Badge = ({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
);
