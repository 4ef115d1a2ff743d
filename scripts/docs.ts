/** `npm run docs`: writes `docs/events.md`, the README's sample event and the JSON Schemas. Refuses a change that breaks the contract. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemaOf, MEETING_EVENT_TYPES } from '@meetbus/events';
import { breakingChanges } from './compatibility';
import { renderEventDocs, withSampleEvent } from './event-docs';

const DOCS = join(__dirname, '..', 'docs');
const README = join(DOCS, '..', 'README.md');
const SCHEMAS = join(DOCS, 'schemas');

const problems = MEETING_EVENT_TYPES.flatMap((type) => {
  const file = join(SCHEMAS, `${type}.json`);
  if (!existsSync(file)) return [];
  return breakingChanges(JSON.parse(readFileSync(file, 'utf8')), jsonSchemaOf(type)).map(
    (change) => `${type}: ${change}`,
  );
});

const types: ReadonlySet<string> = new Set(MEETING_EVENT_TYPES);
for (const file of existsSync(SCHEMAS) ? readdirSync(SCHEMAS) : []) {
  const type = file.replace(/\.json$/, '');
  if (!types.has(type)) problems.push(`${type}: the type has gone`);
}

if (problems.length > 0) {
  console.error(`This breaks version 1 of the contract, in which fields are only added:\n${problems.join('\n')}`);
  console.error(
    'If that has been decided all the same, say so in an ADR, delete these schema files, and run this again.',
  );
  process.exitCode = 1;
} else {
  mkdirSync(SCHEMAS, { recursive: true });
  for (const type of MEETING_EVENT_TYPES) {
    writeFileSync(join(SCHEMAS, `${type}.json`), `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`);
  }
  writeFileSync(join(DOCS, 'events.md'), renderEventDocs());
  writeFileSync(README, withSampleEvent(readFileSync(README, 'utf8')));
  console.log(`Wrote docs/events.md and ${MEETING_EVENT_TYPES.length} schemas.`);
}
