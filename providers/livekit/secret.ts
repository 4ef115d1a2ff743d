/** The secret of LiveKit: `{"apiKeys":{"<API key>":"<API secret>"}}`. A delivery names the API key whose secret signed it. */
import { namedKeyKind } from '../kit/secret-entries';
import type { SecretEntry } from '../provider';

/** Its name, unless the settings say another. */
export const LIVEKIT_SECRET_NAME = 'meetbus/livekit';

/** API keys with their secrets. */
export const API_KEY = {
  ...namedKeyKind('apiKeys'),
  kind: 'api-key',
  title: 'API key',
  description: 'LiveKit signs its webhooks with the secret of an API key',
  prompt: 'API key of LiveKit and its secret, as <key>:<secret>',
} satisfies SecretEntry;
