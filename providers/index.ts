/** The built-in providers. Outside their folders, only this file names them. */
import { type LiveKitSettings, livekit } from './livekit';
import { type RealtimeKitSettings, realtimekit } from './realtimekit';
import { type RecallSettings, recall } from './recall';
import { type ZoomSettings, zoom } from './zoom';

/** The built-in providers, by name. */
export const BUILT_IN = { recall, realtimekit, zoom, livekit } as const;

/** The providers of a Meetbus whose settings name none. */
export const DEFAULT_PROVIDERS = [recall, realtimekit] as const;

/** Settings of the built-in providers, by name. */
export interface BuiltInSettings {
  readonly recall?: RecallSettings;
  readonly realtimekit?: RealtimeKitSettings;
  readonly zoom?: ZoomSettings;
  readonly livekit?: LiveKitSettings;
}

export {
  type LiveKitSettings,
  livekit,
  type RealtimeKitSettings,
  type RecallSettings,
  realtimekit,
  recall,
  type ZoomSettings,
  zoom,
};
