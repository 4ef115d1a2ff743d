/** The runtime of {@link acme}. It refuses every delivery. */
import { type ProviderRuntime, refused } from '../../providers/runtime';

export const runtime: ProviderRuntime = {
  rememberSeconds: 24 * 60 * 60,
  routes: { 'acme-rooms/hooks/v2': () => async () => refused('missing_header') },
  eventNameOf: () => undefined,
  typeOf: () => undefined,
  identify: () => ({ deliveryId: undefined, key: '' }),
  groupOf: () => undefined,
  normalize: () => undefined,
  credentialMembers: [],
};
