/** The providers by name, as a consumer needs them. */
import type { ProviderName } from '@meetbus/events';
import type { Mismatch, Normalized } from './kit/normalize';
import { normalizeRealtimekit } from './realtimekit/normalize';
import { isRealTimeName } from './recall/event-names';
import { normalizeRecall } from './recall/normalize';

interface ProviderOutput {
  /** The meeting event in a body; undefined for an event name that is not known. */
  readonly normalize: (body: unknown, event: string) => Normalized | Mismatch | undefined;
  /** See `ProviderIntake`. */
  readonly isProvedByToken?: (event: string) => boolean;
  /** Members of a body that are credentials, at any depth: they never leave Meetbus. */
  readonly credentialKeys: readonly string[];
}

export const PROVIDER_OUTPUTS: Readonly<Record<ProviderName, ProviderOutput>> = {
  recall: { normalize: normalizeRecall, isProvedByToken: isRealTimeName, credentialKeys: [] },
  realtimekit: { normalize: normalizeRealtimekit, credentialKeys: ['streamKey'] },
};
