/** The contract for subscribers: event types, schemas and a parser. It knows neither AWS nor a provider. */
export * from './catalogue';
export * as entities from './entities';
export * from './event-types';
export * from './families';
export * from './json-schema';
export * from './names';
export * from './parse';
