/** Log groups through the SDK's client. */
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { FrontDoor } from '../../src/front-door';
import { accessLogLine } from '../../src/logs/access-log';
import { compileFilterPattern } from '../../src/logs/filter-pattern';
import { LogGroups, MAX_CHARACTERS, MAX_LINES } from '../../src/logs/log-groups';
import { createLogsService } from '../../src/logs/logs-service';
import { clientConfig, frontDoorWith } from '../local-aws';

let now = 1_000;
let groups: LogGroups;
let door: FrontDoor;
let client: CloudWatchLogs;
beforeEach(async () => {
  groups = new LogGroups(() => now);
  door = await frontDoorWith(() => [createLogsService(groups)]);
  client = new CloudWatchLogs(clientConfig(door));
});
afterEach(async () => {
  client.destroy();
  await door.close();
});

const messages = async (input: object) =>
  (await client.filterLogEvents({ logGroupName: 'calls', ...input })).events?.map(({ message }) => message);

it('gives lines in order of time, with the time and the stream of each', async () => {
  now = 5_000;
  groups.put('calls', 'two', 'second', 2_000);
  groups.put('calls', 'one', 'first', 1_000);
  const { events } = await client.filterLogEvents({ logGroupName: 'calls' });
  expect(events).toMatchObject([
    { message: 'first', timestamp: 1_000, ingestionTime: 5_000, logStreamName: 'one' },
    { message: 'second', timestamp: 2_000, logStreamName: 'two' },
  ]);
  expect(new Set(events?.map(({ eventId }) => eventId)).size).toBe(2);
});

it('gives the lines of a time, of streams, and by a pattern', async () => {
  for (const at of [1, 2, 3]) groups.put('calls', `s${at}`, `line ${at}`, at);
  expect(await messages({ startTime: 2, endTime: 2 })).toEqual(['line 2']);
  expect(await messages({ logStreamNames: ['s1', 's3'] })).toEqual(['line 1', 'line 3']);
  expect(await messages({ filterPattern: '"line 3"' })).toEqual(['line 3']);
  const logGroupIdentifier = 'arn:aws:logs:us-east-1:000000000000:log-group:calls';
  expect(await messages({ logGroupName: undefined, logGroupIdentifier, limit: 1 })).toEqual(['line 1']);
});

it('gives pages, each line once, also while lines come', async () => {
  for (let at = 10; at < 15; at++) groups.put('calls', 's', `line ${at}`, at);
  const seen: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.filterLogEvents({ logGroupName: 'calls', limit: 2, nextToken });
    seen.push(...(page.events ?? []).map(({ message }) => message));
    if (nextToken === undefined) groups.put('calls', 's', 'late', 1);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  expect(seen).toEqual([10, 11, 12, 13, 14].map((at) => `line ${at}`));
});

it.each([
  ['many lines', 'x', 3 * MAX_LINES],
  ['long lines', 'x'.repeat(20_000), 100],
])('keeps the last of %s', (_, text, count) => {
  for (let index = 0; index < count; index++) groups.put('calls', 's', `${index} ${text}`);
  const { events, size } = groups.get('calls');
  expect(events.length).toBeLessThanOrEqual(MAX_LINES);
  expect(events.length).toBeGreaterThan(5);
  expect(size).toBeLessThanOrEqual(MAX_CHARACTERS);
  expect(size).toBe(events.reduce((total, { message }) => total + message.length, 0));
  expect(events.at(-1)?.message).toBe(`${count - 1} ${text}`);
});

it('describes groups, page by page', async () => {
  groups.create('b', 30);
  groups.create('a');
  groups.put('/aws/lambda/c', 's', 'four');
  expect((await client.describeLogGroups({})).logGroups).toMatchObject([
    { logGroupName: '/aws/lambda/c', storedBytes: 4 },
    { logGroupName: 'a', arn: 'arn:aws:logs:us-east-1:000000000000:log-group:a:*' },
    { logGroupName: 'b', retentionInDays: 30 },
  ]);
  const { nextToken } = await client.describeLogGroups({ limit: 2 });
  expect((await client.describeLogGroups({ nextToken })).logGroups).toMatchObject([{ logGroupName: 'b' }]);
  expect((await client.describeLogGroups({ logGroupNamePrefix: '/aws/' })).logGroups).toHaveLength(1);
});

it.each([
  ['a group that is not there', { logGroupName: 'none' }, 'ResourceNotFoundException'],
  ['a pattern that it cannot read', { filterPattern: '{ $.a = }' }, 'InvalidParameterException'],
  ['no group', { logGroupName: undefined }, 'InvalidParameterException'],
])('refuses %s', async (_, input, name) => {
  groups.create('calls');
  await expect(messages(input)).rejects.toMatchObject({ name });
});

const LINE = '{"id":"ab-1","n":500,"ok":true,"none":null,"deep":{"list":[{"x":"y"}]},"text":"two words"}';

describe('a filter pattern', () => {
  it.each([
    ['', true],
    ['words', true],
    ['Words', false],
    ['two words', true],
    ['two three', false],
    ['"two words"', true],
    ['"ab-1"', true],
    ['two -three', true],
    ['two -words', false],
    ['?three ?words', true],
    ['?three ?four', false],
    ['%ab-\\d%', true],
    ['{ $.id = "ab-1" }', true],
    ['{ $.id = ab-1 }', true],
    ['{ $.id = "ab-*" }', true],
    ['{ $.id = "ab" }', false],
    ['{ $.id != "ab" }', true],
    ['{ $.absent != "ab" }', false],
    ['{ $.id = %^ab% }', true],
    ['{ $.n = 500 }', true],
    ['{ $.n = "500" }', false],
    ['{ $.n != 500 }', false],
    ['{ $.n >= 500 && $.n < 501 }', true],
    ['{ $.n > 500 || $.id = "ab-1" }', true],
    ['{ ($.n > 500 || $.id = "ab-1") && $.ok IS FALSE }', false],
    ['{ $.n > 1 || $.id = "x" && $.id = "y" }', true],
    ['{ $.ok IS TRUE && $.none IS NULL && $.absent NOT EXISTS && $.id EXISTS }', true],
    ['{ $.deep.list[0].x = "y" }', true],
    ['{ $["id"] = "ab-1" }', true],
  ])('%s: %s', (pattern, expected) => {
    expect(compileFilterPattern(pattern)(LINE)).toBe(expected);
  });

  it('of JSON matches no line of another form', () => {
    for (const line of ['', 'id', 'null', '"id"', '[]'])
      expect(compileFilterPattern('{ $.id EXISTS }')(line)).toBe(false);
  });

  it.each(['[a, b]', '{ $.a = 1', '{ $.a = 1 $.b = 2 }', '{ ($.a = 1 }', '{ a = 1 }', 'semi;colon', '{}'])(
    '%s is refused',
    (pattern) => {
      expect(() => compileFilterPattern(pattern)).toThrow(/cannot read the filter pattern/);
    },
  );
});

it('an access log line has a hyphen for what is not known, and stays JSON whatever a sender sends', () => {
  const format =
    '{"id":"$context.requestId","agent":"$context.identity.userAgent","why":"$context.error.responseType"}';
  const line = accessLogLine(format, { requestId: '1', 'identity.userAgent': '"}\n$context.requestId' });
  expect(JSON.parse(line)).toEqual({ id: '1', agent: '"}\n$context.requestId', why: '-' });
});
