/** What the three batch operations of SQS share: the rules for a batch, and an answer for each entry. */

import { AwsError } from '../service';
import { MAX_MESSAGE_BYTES } from './message';

const MAX_ENTRIES = 10;

export interface BatchEntry {
  readonly Id: string;
}

/**
 * Runs each entry of a batch; one that fails does not keep the others from theirs.
 *
 * @param bytesOf size of an entry, where the batch as a whole has a limit
 * @throws AwsError when the batch itself breaks a rule
 */
export function inBatch<Entry extends BatchEntry>(
  entries: readonly Entry[] | undefined,
  run: (entry: Entry) => object,
  bytesOf: (entry: Entry) => number = () => 0,
): object {
  checkBatch(entries ?? [], bytesOf);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries ?? []) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function checkBatch<Entry extends BatchEntry>(entries: readonly Entry[], bytesOf: (entry: Entry) => number): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MAX_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map(({ Id }) => Id);
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    throw new AwsError('InvalidBatchEntryId', 'An entry id has 1 to 80 letters, digits, hyphens and underscores.');
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  }
}
