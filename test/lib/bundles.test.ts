/** The assets of functions with providers of an app. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { codeOf } from '../../lib/bundles';
import type { Provider } from '../../providers/provider';
import { acme } from '../support/acme';

let outdir: string;
let stack: Stack;
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'meetbus-bundles-'));
  stack = new Stack(new App({ outdir }), 'Stack');
});
afterAll(() => rmSync(outdir, { recursive: true }));

const runtimesOfConsumerWith = (provider: Provider): string[] => {
  const folder = codeOf(stack, { name: 'consumer', handler: 'consumer', providers: [provider] });
  return readdirSync(join(folder, 'providers')).filter((file) => file.endsWith('.js'));
};

it('keeps two providers apart that share a runtime, in two Meetbuses of an app', () => {
  expect(runtimesOfConsumerWith(acme())).toEqual(['acme-rooms.js']);
  expect(runtimesOfConsumerWith({ ...acme(), name: 'acme-eu' })).toEqual(['acme-eu.js']);
});

it('says what is wrong where there is no runtime', () => {
  const runtimeFile = join(outdir, 'nowhere', 'runtime');
  expect(() => runtimesOfConsumerWith(acme({ more: { runtimeFile } }))).toThrow(
    /^The runtimeFile of the provider acme-rooms cannot be compiled: .*\n.*Could not resolve ".*nowhere\/runtime"/,
  );
});
