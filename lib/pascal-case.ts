/**
 * A name in Pascal case: `DlqBot` for `dlq-bot`, `RecordingReady` for `recording.ready`. Construct ids, outputs and
 * schemas have such names.
 */
export const pascalCase = (name: string): string =>
  name
    .split(/[-._]/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
