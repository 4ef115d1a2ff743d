import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridge } from '../../src/eventbridge/event-bridge';
import { Buckets } from '../../src/s3/s3-service';
import { SecretStore } from '../../src/secrets-manager/secret-store';
import { DataFolder, LOCK_FILE } from '../../src/snapshot/data-folder';
import type { State } from '../../src/snapshot/section';
import { SNAPSHOT_FILE } from '../../src/snapshot/snapshot';
import { createStores } from '../../src/stores';
import { CAN_FILL_DISK, fillDiskOf } from '../full-disk';
import { writeAssembly } from '../template/fixture';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'data-folder-'));
});
afterEach(() => rmSync(path, { recursive: true }));

const lock = () => join(path, LOCK_FILE);

/** A process that has taken the folder, and is killed as it uses it. */
async function killHolder(): Promise<void> {
  const take = `new (require('./packages/local-cloud/src/snapshot/data-folder').DataFolder)(process.argv[1]); console.log('taken'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '--eval', take, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(() => new DataFolder(path)).toThrow(`The local cloud of process ${holder.pid} uses ${path}`);
  holder.kill('SIGKILL');
  await once(holder, 'close');
}

it('is for one local cloud at a time', () => {
  const first = new DataFolder(path);
  expect(() => new DataFolder(path)).toThrow(/process \d+ uses .* Stop it, or give --data another folder\.$/);
  first.close();
  const second = new DataFolder(path);
  expect([first.warning, second.warning]).toEqual([undefined, undefined]);
  second.close();
  expect(readdirSync(path)).toEqual([]);
});

it('is made where it is missing', () => {
  const folder = new DataFolder(join(path, 'new', 'one'));
  expect(existsSync(join(path, 'new', 'one', LOCK_FILE))).toBe(true);
  folder.close();
});

it('of a process that was killed can be taken, and tells what that means', async () => {
  await killHolder();
  const next = new DataFolder(path);
  expect(next.warning).toMatch(/^The local cloud that began at 2\S+Z did not stop in order\. .*is lost\./);
  next.close();
  expect(new DataFolder(path).warning).toBeUndefined();
});

it.each([
  ['half written', () => '{"pid":'],
  ['of a process whose number another has now', () => JSON.stringify({ pid: process.ppid, born: '1', since: '2026' })],
])('with a lock %s can be taken', (_what, text) => {
  writeFileSync(lock(), text());
  const next = new DataFolder(path);
  expect(next.warning).toMatch(/did not stop in order/);
  expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid });
  next.close();
});

(CAN_FILL_DISK ? it : it.skip)('on a full disk keeps the state of the stop before, and says so', async () => {
  const assembly = writeAssembly({ Resources: { Calls: { Type: 'AWS::SQS::Queue' } } });
  const stack = assembly.resolve();
  assembly.remove();
  const buckets = new Buckets();
  const stores = await createStores(stack, 'http://127.0.0.1:4566', buckets);
  const eventBridge = new EventBridge({ deliverers: {} });
  const state: State = { ...stores, stack, buckets, eventBridge, secrets: new SecretStore() };
  const first = new DataFolder(path);
  await first.save(state);
  first.close();
  const before = readFileSync(join(path, SNAPSHOT_FILE), 'utf8');

  const second = new DataFolder(path);
  state.queues.byName('Calls-Calls')!.send({ body: 'x' });
  fillDiskOf(join(path, `${SNAPSHOT_FILE}.new`));
  await expect(second.save(state)).rejects.toThrow(
    /could not be written to .*snapshot\.jsonl \(ENOSPC.*The next start has the state of the stop before/,
  );
  second.close();

  expect(readFileSync(join(path, SNAPSHOT_FILE), 'utf8')).toBe(before);
  expect(readdirSync(path).sort()).toEqual([LOCK_FILE, SNAPSHOT_FILE]);
  await stores.close();
});
