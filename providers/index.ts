/** The providers that Meetbus brings, a line each. Nothing outside of their folders names them but this file. */
import { type RealtimeKitSettings, realtimekit } from './realtimekit';
import { type RecallSettings, recall } from './recall';

/** Every provider that Meetbus brings. */
export const BUILT_IN = { recall, realtimekit } as const;

/** Those that a Meetbus has where its settings name none. */
export const DEFAULT_PROVIDERS = [recall, realtimekit] as const;

/** Settings of the providers that Meetbus brings, by name. */
export interface BuiltInSettings {
  readonly recall?: RecallSettings;
  readonly realtimekit?: RealtimeKitSettings;
}

export type { RealtimeKitSettings, RecallSettings };
