/** Reads the status of Recall.ai's status events: from the payload, or from the event name. */
import { compact, type Mismatch, mismatch, type Normalized } from '../kit/normalize';
import { codeInName, splitName } from './event-names';
import type { StatusData } from './payloads';

/** Status and time of an event. */
interface Told {
  readonly status: { readonly code: string; readonly subcode?: string };
  readonly time: string | undefined;
}

/**
 * The status in a payload, or in a known name. A payload without a status has another shape, and the end of its name is
 * not a status.
 */
function statusIn({ data, status }: StatusData, event: string): Told | undefined {
  const isStatus = data?.updated_at !== undefined || typeof data?.sub_code === 'string';
  const code = data?.code || status?.code || codeInName(event) || (isStatus ? newCodeIn(event) : undefined);
  if (!code) return undefined;
  return {
    status: compact({ code, subcode: data?.sub_code ?? status?.sub_code }),
    time: data?.updated_at ?? status?.created_at,
  };
}

/** The code at the end of an unknown name. `bot.status_change` has none. */
function newCodeIn(event: string): string | undefined {
  const code = splitName(event)?.code;
  return code === 'status_change' ? undefined : code;
}

/** An event with a status; a mismatch if there is none. */
export function withStatus(
  data: StatusData,
  event: string,
  build: (told: Told) => Normalized | Mismatch,
): Normalized | Mismatch {
  const told = statusIn(data, event);
  return told === undefined ? mismatch('data.data.code: string') : build(told);
}
