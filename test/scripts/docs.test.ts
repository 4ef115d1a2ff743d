/** Documentation and JSON Schemas say what the code does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, type JsonSchema, jsonSchemaOf, MEETING_EVENT_TYPES, parseMeetingEvent } from '@meetbus/events';
import { compilePattern } from '@meetbus/local-cloud/eventbridge/pattern';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { CloudEvent } from 'cloudevents';
import { documented } from '../../bin/event-reference';
import { BUILT_IN } from '../../providers';
import { breakingChanges } from '../../scripts/compatibility';
import { renderEventDocs, withSampleEvent } from '../../scripts/event-docs';

const DOCS = join(__dirname, '..', '..', 'docs');
const committed = (type: string): JsonSchema => JSON.parse(readFileSync(join(DOCS, 'schemas', `${type}.json`), 'utf8'));

it('docs/events.md is what the catalogue and the providers say; if not, run "npm run docs"', async () => {
  const providers = await documented(Object.values(BUILT_IN).map((factory) => factory()));
  expect(readFileSync(join(DOCS, 'events.md'), 'utf8')).toBe(renderEventDocs(providers));
});

it('the sample event of the README is that of the catalogue; if not, run "npm run docs"', () => {
  const readme = readFileSync(join(DOCS, '..', 'README.md'), 'utf8');
  expect(withSampleEvent(readme)).toBe(readme);
});

it('every event that a page shows is one that parseMeetingEvent takes', () => {
  const root = join(DOCS, '..');
  const pages = ['.', 'docs', 'examples']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'));
  const shown = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^ *```json\n([\s\S]*?)\n *```/gm)].flatMap(([, text = '']) => {
      const value = JSON.parse(text);
      const detail = value.detail?.specversion ? value.detail : value;
      // Anything with data is meant to be an event; patterns and schemas have none.
      return typeof detail.type === 'string' && 'data' in detail ? [{ page, detail }] : [];
    }),
  );
  const types = new Set(shown.map(({ detail }) => detail.type));
  expect(MEETING_EVENT_TYPES.filter((type) => !types.has(type))).toEqual([]);
  const refused = shown.filter(({ detail }) => {
    try {
      return !parseMeetingEvent({ 'detail-type': detail.type, detail });
    } catch {
      return true;
    }
  });
  expect(refused).toEqual([]);
});

it('docs/operations.md names every permission that commands need', () => {
  const commands = join(__dirname, '..', '..', 'bin');
  const files = readdirSync(commands, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const calls = files.flatMap((file) => {
    const source = readFileSync(join(commands, file), 'utf8');
    // IAM knows the actions of SQS on many messages as those on one.
    const names = [...source.matchAll(/new ([A-Z]\w+)Command\(|\bpaginate([A-Z]\w+)\(/g)].map(
      ([, one, all]) => one ?? all,
    );
    // Commands read an object by the function that consumers have for it.
    if (/\bgetObject\(/.test(source)) names.push('GetObject');
    // And the notes by the class that the function `repair` has for them.
    if (/\bnew Notes\(/.test(source)) names.push('BatchGetItem');
    // So is Lambda's call under another name.
    return names.map((name = '') => name.replace(/Batch$/, '').replace(/^Invoke$/, 'InvokeFunction'));
  });
  expect(calls.length).toBeGreaterThan(30);
  const [, permissions = ''] = readFileSync(join(DOCS, 'operations.md'), 'utf8').split('\n## Permissions\n');
  const [table = ''] = permissions.split('\n## ');
  const named = new Set([...table.matchAll(/`(?!iam|kms)[a-z0-9]+:([A-Z]\w+)`/g)].map(([, action]) => action));
  expect(named).toEqual(new Set(calls));
});

it('has a schema file for every type, and for no other', () => {
  expect(readdirSync(join(DOCS, 'schemas')).sort()).toEqual(MEETING_EVENT_TYPES.map((type) => `${type}.json`).sort());
});

describe.each(MEETING_EVENT_TYPES.map((type) => [type]))('%s', (type) => {
  const { example } = CATALOGUE[type];

  it('has a schema file that is up to date, and that this code does not break', () => {
    expect(breakingChanges(committed(type), jsonSchemaOf(type))).toEqual([]);
    expect(committed(type)).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf(type))));
  });

  it('says of every field what it means', () => {
    const silentIn = (schema: JsonSchema, path: string): string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
        ...((field.description ?? '').length < 4 ? [`${path}.${name}`] : []),
        ...silentIn(field, `${path}.${name}`),
      ]),
      ...(schema.items === undefined ? [] : silentIn(schema.items, `${path}[]`)),
    ];
    expect(silentIn(committed(type), 'event')).toEqual([]);
    expect(silentIn(jsonSchemaOf(type, 'openapi-3.0'), 'event')).toEqual([]);
  });

  it('has an example that other validators accept', () => {
    const validate = addFormats(new Ajv2020({ strict: false })).compile(committed(type));
    validate(example);
    expect(validate.errors).toBeNull();
    expect(() => new CloudEvent(example as never)).not.toThrow();
  });
});

describe('the schema files and parseMeetingEvent agree on', () => {
  const { example, schema } = CATALOGUE['recording.ready'];
  const validate = addFormats(new Ajv2020({ strict: false })).compile(committed('recording.ready'));

  it.each([
    ['2026-03-02T09:30:00Z', true],
    ['2026-03-02T09:30:00.123456789Z', true],
    ['2026-03-02T09:30:00+05:00', false],
    ['2026-03-02t09:30:00z', false],
    ['2026-03-02T09:30Z', false],
    ['2026-02-30T09:30:00Z', false],
    ['yesterday', false],
  ])('the time %s', (time, isValid) => {
    const event = { ...example, time };
    expect([validate(event), schema.safeParse(event).success]).toEqual([isValid, isValid]);
  });
});

it('has rule patterns that match events of their own type from the providers that send it, and no other', () => {
  const page = readFileSync(join(DOCS, 'events.md'), 'utf8');
  const sections = [...page.matchAll(/^### (\S+)$[\s\S]*?^Rule pattern:\s+```json\n(.+)\n```/gm)];
  expect(sections.map(([, type]) => type)).toEqual(
    MEETING_EVENT_TYPES.toSorted((a, b) => page.indexOf(`### ${a}\n`) - page.indexOf(`### ${b}\n`)),
  );
  for (const [, type, pattern = ''] of sections) {
    const matches = compilePattern(pattern);
    const { source: sources } = JSON.parse(pattern);
    expect(sources).not.toEqual([]);
    for (const source of sources) {
      const matching = MEETING_EVENT_TYPES.filter((other) =>
        matches({ source, 'detail-type': other, detail: { ...CATALOGUE[other].example, source } }),
      );
      expect(matching).toEqual([type]);
    }
  }
});

it('has no list of values in any schema, because a list can never grow', () => {
  const listsIn = (schema: JsonSchema, path: string): string[] => [
    ...(schema.enum === undefined ? [] : [path]),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => listsIn(field, `${path}.${name}`)),
    ...(schema.items === undefined ? [] : listsIn(schema.items, `${path}[]`)),
  ];
  expect(MEETING_EVENT_TYPES.flatMap((type) => listsIn(committed(type), type))).toEqual([]);
});

describe('an event of a provider that came later', () => {
  const { example, schema } = CATALOGUE['participant.joined'];
  const validate = addFormats(new Ajv2020({ strict: false })).compile(committed('participant.joined'));

  it.each([
    ['meetbus.acme', 'acme', true],
    ['meetbus.acme2', 'acme2', true],
    ['meetbus.acme-meet', 'acme-meet', true],
    ['acme', 'acme', false],
    ['aws.s3', 'acme', false],
    ['meetbus.acme', 'Acme', false],
    ['meetbus.acme', '', false],
  ])('with the source %j and the provider %j', (source, provider, isValid) => {
    const event = { ...example, source, provider };
    expect([validate(event), schema.safeParse(event).success]).toEqual([isValid, isValid]);
  });
});

describe('breaking changes', () => {
  const before: JsonSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      kind: { type: 'string', enum: ['a', 'b'] },
      time: { type: 'string', format: 'date-time' },
      words: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } },
    },
    required: ['id'],
  };
  const changed = (properties: Record<string, JsonSchema | undefined>, required = ['id']): JsonSchema =>
    JSON.parse(JSON.stringify({ ...before, properties: { ...before.properties, ...properties }, required }));

  it.each([
    ['nothing', before, []],
    ['a new field', changed({ more: { type: 'number' } }), []],
    ['another description', changed({ id: { type: 'string', description: 'Its id.' } }), []],
    [
      'a field that was optional and is required now',
      changed({}, ['id', 'kind']),
      ['event.kind: is required now, but events of before may lack it'],
    ],
    [
      'a new field that is required',
      changed({ more: { type: 'number' } }, ['id', 'more']),
      ['event.more: is required now, but events of before may lack it'],
    ],
    ['a field that has gone', changed({ kind: undefined }), ['kind: has gone']],
    ['another type', changed({ id: { type: 'number' } }), ['id: type string became number']],
    ['a field that may be missing', changed({}, []), ['event.id: may now be missing']],
    [
      'a new value',
      changed({ kind: { type: 'string', enum: ['a', 'b', 'c'] } }),
      ['kind: the value c is not on the list of before'],
    ],
    ['another order of values', changed({ kind: { type: 'string', enum: ['b', 'a'] } }), []],
    ['a value that has gone', changed({ kind: { type: 'string', enum: ['a'] } }), ['kind: the value b has gone']],
    ['another format', changed({ time: { type: 'string' } }), ['time: format date-time became none']],
    [
      'a list of values where any was allowed',
      changed({ id: { type: 'string', enum: ['a'] } }),
      ['id: only listed values now'],
    ],
    [
      'any value where a list was',
      changed({ kind: { type: 'string' } }),
      ['kind: any value now, but subscribers may still check for the listed ones'],
    ],
    ['a list of anything', changed({ words: { type: 'array' } }), ['words: items changed']],
    [
      'a field of several types',
      changed({ id: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
      ['id: type string became any', 'id: anyOf changed'],
    ],
    ['other fields refused', { ...before, additionalProperties: false }, ['event: additionalProperties changed']],
    ['a shorter text', changed({ id: { type: 'string', minLength: 1 } }), ['id: minLength changed']],
    [
      'a change within a list',
      changed({ words: { type: 'array', items: { type: 'object', properties: {} } } }),
      ['words[].text: may now be missing', 'words[].text: has gone'],
    ],
  ])('%s', (_name, after, expected) => {
    expect(breakingChanges(before, after)).toEqual(expected);
  });
});
