/**
 * The words of a name, each with a capital: `DlqBot` of `dlq-bot`, `RecordingReady` of `recording.ready`. Construct ids,
 * outputs and schemas are named so.
 */
export const pascalCase = (name: string): string =>
  name
    .split(/[-._]/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
