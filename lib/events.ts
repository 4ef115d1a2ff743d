/** What `meetbus/events` exports: the contract, and the names of the providers that Meetbus brings. */
export * from '@meetbus/events';
export { PROVIDERS, type ProviderName } from '../providers/names';
