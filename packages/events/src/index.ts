/** The contract that other teams build on. Nothing here knows AWS or a provider. */
export * from './catalogue';
export * as entities from './entities';
export * from './event-types';
export * from './families';
export * from './json-schema';
export * from './names';
export * from './parse';
