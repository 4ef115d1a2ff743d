/** A JSON value as a tree that opens and closes, by mouse and by keyboard. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import './tree.css';

interface TreeProps {
  readonly value: unknown;
  readonly name?: string;
  /** Levels that are open at first. */
  readonly open?: number;
}

export function Tree({ value, name, open = 2 }: TreeProps) {
  const label = name === undefined ? null : <span class="member">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="leaf">
        {label}
        <span class={`value ${value === null ? 'null' : typeof value}`}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const members = Object.entries(value);
  const [first, last] = Array.isArray(value) ? '[]' : '{}';
  if (members.length === 0) {
    return (
      <div class="leaf">
        {label}
        {first}
        {last}
      </div>
    );
  }
  return (
    <Branch isOpen={open > 0} label={label} size={`${first}${members.length}${last}`}>
      {() => members.map(([key, member]) => <Tree key={key} name={key} value={member} open={open - 1} />)}
    </Branch>
  );
}

interface BranchProps {
  /** At first. */
  readonly isOpen: boolean;
  readonly label: ComponentChildren;
  readonly size: string;
  readonly children: () => ComponentChildren;
}

/** Its members are drawn once it is opened: a large body has thousands. */
function Branch({ isOpen, label, size, children }: BranchProps) {
  const [isDrawn, setDrawn] = useState(isOpen);
  return (
    <details class="tree" open={isOpen} onToggle={(toggle) => toggle.currentTarget.open && setDrawn(true)}>
      <summary>
        {label}
        <span class="size">{size}</span>
      </summary>
      {isDrawn && children()}
    </details>
  );
}
