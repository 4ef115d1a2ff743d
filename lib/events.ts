/** What `meetbus/events` exports: the contract, as `@meetbus/events` has it. */
export * from '@meetbus/events';
