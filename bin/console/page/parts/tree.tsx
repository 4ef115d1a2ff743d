/** A JSON value as a tree that opens and closes, by mouse and by keyboard. */
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
    <details class="tree" open={open > 0}>
      <summary>
        {label}
        <span class="size">
          {first}
          {members.length}
          {last}
        </span>
      </summary>
      {members.map(([key, member]) => (
        <Tree key={key} name={key} value={member} open={open - 1} />
      ))}
    </details>
  );
}
