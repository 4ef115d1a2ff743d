/**
 * `npm run docs`: writes `docs/events.md`, the README's sample event and the JSON Schemas. Rejects a change that breaks
 * the contract.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMeetingEventType, jsonSchemaOf, MEETING_EVENT_TYPES } from '@meetbus/events';
import { documented } from '../bin/event-reference';
import { BUILT_IN } from '../providers';
import { breakingChanges } from './compatibility';
import { renderEventDocs, withSampleEvent } from './event-docs';

const DOCS = join(__dirname, '..', 'docs');
const README = join(DOCS, '..', 'README.md');
const SCHEMAS = join(DOCS, 'schemas');

/** The changes that break subscribers with the committed schemas. */
function problems(): readonly string[] {
  return readdirSync(SCHEMAS).flatMap((file) => {
    const type = file.replace(/\.json$/, '');
    if (!isMeetingEventType(type)) return [`${type}: the type has gone`];
    const committed = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'));
    return breakingChanges(committed, jsonSchemaOf(type)).map((change) => `${type}: ${change}`);
  });
}

async function write(): Promise<void> {
  for (const type of MEETING_EVENT_TYPES) {
    writeFileSync(join(SCHEMAS, `${type}.json`), `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`);
  }
  writeFileSync(
    join(DOCS, 'events.md'),
    renderEventDocs(await documented(Object.values(BUILT_IN).map((factory) => factory()))),
  );
  writeFileSync(README, withSampleEvent(readFileSync(README, 'utf8')));
  console.log(`Wrote docs/events.md and ${MEETING_EVENT_TYPES.length} schemas.`);
}

mkdirSync(SCHEMAS, { recursive: true });
const found = problems();
if (found.length === 0) {
  void write();
} else {
  console.error(`This breaks version 1 of the contract, in which fields are only added:\n${found.join('\n')}`);
  console.error('If this is decided, say so in an ADR, delete these schema files, and run the command again.');
  process.exitCode = 1;
}
