/** Queries of Logs Insights through the SDK's client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { FrontDoor } from '../../src/front-door';
import { LogGroups } from '../../src/logs/log-groups';
import { createLogsService } from '../../src/logs/logs-service';
import { clientConfig, frontDoorWith } from '../local-aws';

const NOON = Date.parse('2026-03-02T12:00:00Z');

let groups: LogGroups;
let door: FrontDoor;
let client: CloudWatchLogs;
beforeEach(async () => {
  groups = new LogGroups(() => NOON);
  door = await frontDoorWith(() => [createLogsService(groups)]);
  client = new CloudWatchLogs(clientConfig(door));
});
afterEach(async () => {
  client.destroy();
  await door.close();
});

/** Puts lines into the group `calls`, a second apart. */
function log(...lines: readonly (object | string)[]): void {
  for (const [index, line] of lines.entries()) {
    groups.put('calls', 'one', typeof line === 'string' ? line : JSON.stringify(line), NOON + 1_000 * index);
  }
}

const start = (queryString: string, input: object = {}) =>
  client.startQuery({
    ...{ logGroupNames: ['calls'], startTime: NOON / 1_000, endTime: NOON / 1_000 + 3_600, queryString },
    ...input,
  });

/** Rows of a result as objects, without the pointers of lines. */
async function query(queryString: string, input?: object): Promise<Record<string, string>[]> {
  const { queryId } = await start(queryString, input);
  while (true) {
    const { status, results = [] } = await client.getQueryResults({ queryId });
    if (status === 'Complete') {
      const shown = results.map((row) => row.filter(({ field }) => field !== '@ptr'));
      return shown.map((row) => Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value])));
    }
    expect({ status, results }).toEqual({ status: 'Running', results: [] });
    await sleep(5);
  }
}

it('shows time and message of every line, the newest first, unless told otherwise', async () => {
  log('plain', { a: 1 });
  expect(await query('filter ispresent(@message)')).toEqual([
    { '@timestamp': '2026-03-02 12:00:01.000', '@message': '{"a":1}' },
    { '@timestamp': '2026-03-02 12:00:00.000', '@message': 'plain' },
  ]);
  expect(await query('sort @timestamp asc | limit 1')).toMatchObject([{ '@message': 'plain' }]);
});

it('knows the members of a JSON line, inner ones and those of lists too, and the group of each line', async () => {
  log({ error: { cause: { name: 'E' } }, problems: ['one', 'two'], isLate: true, nothing: null });
  const shown = 'fields error.cause.name as cause, problems.1, isLate, nothing, absent, @log, @logStream';
  expect(await query(shown)).toEqual([
    { cause: 'E', 'problems.1': 'two', isLate: 'true', '@log': '000000000000:calls', '@logStream': 'one' },
  ]);
});

describe('filter', () => {
  it.each([
    ['a = 2', ['2']],
    ['a != 2', ['1', '3']],
    ['a >= 2', ['2', '3']],
    ['a < 10', ['1', '2', '3']],
    ['text >= 400', ['2']],
    ['name = "x"', ['1']],
    ["name = 'x'", ['1']],
    ['name in ["x", "y"]', ['1', '2']],
    ['name not in ["x"]', ['2']],
    ['not name in ["x"]', ['2', '3']],
    ['ispresent(name)', ['1', '2']],
    ['not ispresent(name)', ['3']],
    ['a = 1 or a = 2 and name = "x"', ['1']],
    ['(a = 1 or a = 2) and name = "y"', ['2']],
    ['NAME = "x" or a = 3', ['3']],
    ['@message like "\\"name\\":\\"y\\""', ['2']],
    ['name like /^[xy]$/', ['1', '2']],
    ['name like /(?i)X/', ['1']],
    ['name not like "x"', ['2']],
    ['name = other', ['2']],
    ['`name` = "x" # not that one\n', ['1']],
  ])('%s', async (condition, found) => {
    log({ a: 1, name: 'x', text: '-' }, { a: 2, name: 'y', other: 'y', text: '404' }, { a: 3 });
    const rows = await query(`filter ${condition} | fields a | sort a asc`);
    expect(rows.map(({ a }) => a)).toEqual(found);
  });
});

it('counts and finds extremes by fields; that of times is in milliseconds', async () => {
  log({ kind: 'a', n: 1 }, { kind: 'b', n: 5 }, { kind: 'a', n: 3 }, { n: 7 });
  const counted = 'stats count(*) as lines, max(@timestamp) as latest, min(n), sum(n), count(kind) by kind';
  expect(await query(`${counted} | sort lines desc, kind asc`)).toEqual([
    { kind: 'a', lines: '2', latest: String(NOON + 2_000), 'min(n)': '1', 'sum(n)': '4', 'count(kind)': '2' },
    { kind: 'b', lines: '1', latest: String(NOON + 1_000), 'min(n)': '5', 'sum(n)': '5', 'count(kind)': '1' },
    { lines: '1', latest: String(NOON + 3_000), 'min(n)': '7', 'sum(n)': '7', 'count(kind)': '0' },
  ]);
});

it('parses by globs, and leaves a line that does not fit as it is', async () => {
  log('id=1 bot=b-1', 'id=2 bot=', 'nothing');
  expect(await query('parse @message "id=* bot=*" as id, bot | fields id, bot | sort @timestamp asc')).toEqual([
    { id: '1', bot: 'b-1' },
    { id: '2', bot: '' },
    {},
  ]);
});

it('takes lines of the asked time and groups alone, and as many as the limit says', async () => {
  log('first', 'second', 'third');
  groups.put('others', 'one', 'fourth', NOON);
  expect(await query('fields @message', { startTime: NOON / 1_000 + 2 })).toEqual([{ '@message': 'third' }]);
  expect(await query('fields @message', { logGroupNames: ['others'] })).toEqual([{ '@message': 'fourth' }]);
  expect(await query('fields @message', { limit: 1 })).toEqual([{ '@message': 'third' }]);
  expect(await query('fields @message', { logGroupNames: ['calls', 'others'] })).toHaveLength(4);
});

it.each([
  ['fields @message | dedup a', 'has no command "dedup"'],
  ['fields strlen(a)', 'the function strlen() is unknown'],
  ['filter abs(a) = 1', 'the function abs() is unknown'],
  ['stats pct(a, 99)', 'the statistic pct() is unknown'],
  ['stats count(*) by bin(5m)', 'the function bin() is unknown'],
  ['filter a', '"in" or "like" is missing at its end'],
  ['filter a = ', 'the name of a field is missing at its end'],
  ['filter a in ["x"', '"]" is missing'],
  ['filter a ~ 1', 'cannot read the query from "~" on'],
  ['filter a like /(/', 'is no regular expression'],
  ['parse a "*:*" as b', '2 asterisks for 1 names'],
  ['limit many', 'a whole number'],
  ['fields a fields b', '"|" is missing before "fields"'],
  ['', 'queryString'],
])('refuses %j and says why', async (text, message) => {
  log({ a: 1 });
  const name = text === '' ? 'MissingRequiredParameterException' : 'MalformedQueryException';
  await expect(start(text)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

it('refuses groups and queries that do not exist, and stops a query once', async () => {
  log({ a: 1 });
  await expect(start('fields a', { logGroupNames: ['none'] })).rejects.toThrow('There is no log group none');
  await expect(client.getQueryResults({ queryId: 'none' })).rejects.toThrow('There is no query none');
  const stopNewQuery = async () => {
    const { queryId } = await start('fields a');
    return client.stopQuery({ queryId }).then(
      ({ success }) => ({ success, queryId }),
      () => undefined,
    );
  };
  // A query runs for 20 ms: on a busy machine it may end before it is stopped.
  let stopped = await stopNewQuery();
  while (!stopped) stopped = await stopNewQuery();
  const { success, queryId } = stopped;
  expect(success).toBe(true);
  expect(await client.getQueryResults({ queryId })).toMatchObject({ status: 'Cancelled', results: [] });
  await expect(client.stopQuery({ queryId })).rejects.toThrow('has ended already');
});
