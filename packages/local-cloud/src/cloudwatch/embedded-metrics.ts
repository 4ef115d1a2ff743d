/** Reads metrics in CloudWatch's embedded format from what functions log. */
import type { Datum } from './metric-store';

interface EmbeddedLine {
  readonly _aws?: { readonly Timestamp?: number; readonly CloudWatchMetrics?: readonly Directive[] };
  readonly [member: string]: unknown;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string }[];
}

/** The datapoints in a log line: one per metric, dimension set and value. Most lines have none. */
export function embeddedMetrics(line: string): Datum[] {
  if (!line.includes('"_aws"')) return [];
  let parsed: EmbeddedLine;
  try {
    parsed = JSON.parse(line);
  } catch {
    return [];
  }
  return (parsed._aws?.CloudWatchMetrics ?? []).flatMap((directive) => dataOf(directive, parsed));
}

function dataOf({ Namespace, Dimensions = [[]], Metrics = [] }: Directive, line: EmbeddedLine): Datum[] {
  const at = line._aws?.Timestamp;
  return Dimensions.flatMap((names) => {
    const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
    return Metrics.flatMap(({ Name: name }) =>
      [line[name]]
        .flat()
        .flatMap((value) =>
          typeof value === 'number'
            ? [{ namespace: Namespace, name, dimensions, value, ...(at !== undefined && { at }) }]
            : [],
        ),
    );
  });
}
