interface QueueChoiceProps {
  readonly names: readonly string[];
  /** The name of a queue, or `all`. */
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** One dead-letter queue, or all. */
export const QueueChoice = ({ names, value, onChange }: QueueChoiceProps) => (
  <label>
    Queue{' '}
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      {['all', ...names].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  </label>
);
