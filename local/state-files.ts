/** The files by which others find a running local cloud: `.meetbus/outputs.json` and `.meetbus/local.json`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalCloud } from './cloud';

/** The stack's outputs, in the shape of `cdk deploy --outputs-file`. */
export const OUTPUTS_FILE = 'outputs.json';

/** Addresses of the local cloud itself: {@link LocalAddresses}. */
export const ADDRESSES_FILE = 'local.json';

/** Content of {@link ADDRESSES_FILE}. */
export type LocalAddresses = Pick<LocalCloud, 'apiUrl' | 'awsUrl' | 'realtimekitKeyUrl'>;

/** Writes both files; the outputs last, because they say that all is ready. */
export function writeStateFiles(folder: string, { apiUrl, awsUrl, realtimekitKeyUrl, outputs }: LocalCloud): void {
  mkdirSync(folder, { recursive: true });
  write(folder, ADDRESSES_FILE, { apiUrl, awsUrl, realtimekitKeyUrl } satisfies LocalAddresses);
  write(folder, OUTPUTS_FILE, outputs);
}

/** Removes both files: they would name a local cloud that is gone. */
export function removeStateFiles(folder: string): void {
  for (const file of [OUTPUTS_FILE, ADDRESSES_FILE]) rmSync(join(folder, file), { force: true });
}

const write = (folder: string, file: string, content: object): void =>
  writeFileSync(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
