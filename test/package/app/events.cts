/** What `meetbus/events` exported before the contract had a package of its own, by `require`. */
import events = require('meetbus/events');

const known: readonly events.ProviderName[] = events.PROVIDERS;
console.log(JSON.stringify({ known, types: events.MEETING_EVENT_TYPES.length, names: Object.keys(events).sort() }));
