/** Everything that Meetbus asks of a provider, for Acme Rooms. */
import { test } from 'node:test';
import { conformance } from 'meetbus/provider';
import { acme } from '.';

for (const { name, run } of conformance(acme())) test(name, run);
