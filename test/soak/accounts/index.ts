/** The accounts at all providers. */
import type { Account } from './account';
import { livekitAccount } from './livekit';
import { realtimekitAccount } from './realtimekit';
import { recallAccount } from './recall';
import { zoomAccount } from './zoom';

/** @param seed decides what they send */
export const accountsOf = async (seed: number): Promise<readonly Account[]> => [
  recallAccount(seed),
  await realtimekitAccount(seed),
  zoomAccount(seed),
  livekitAccount(seed),
];
