/** The secret of Acme Rooms: `{"signingKeys":["…"]}`. It holds two keys while one is rotated. */
import type { SecretEntry } from 'meetbus/provider';
import { hmacKeyKind } from 'meetbus/provider/kit';

export const SIGNING_KEY = {
  ...hmacKeyKind('signingKeys'),
  kind: 'signing-key',
  title: 'signing key',
  description: 'Acme Rooms signs with it; its settings show it',
  prompt: 'Signing key of Acme Rooms',
} satisfies SecretEntry;
