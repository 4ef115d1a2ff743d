/** The contract that other teams build on. Nothing here knows AWS or a provider. */
export * from './catalogue';
export * as entities from './entities';
export * from './families';
export * from './meeting-event';
export { UNRECOGNIZED_REASONS, type UnrecognizedReason } from './types/unrecognized';
