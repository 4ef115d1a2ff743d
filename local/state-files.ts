/** The files by which others find a running local cloud: `.meetbus/outputs.json` and `.meetbus/local.json`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalCloud } from './cloud';

/** The stack's outputs, in the shape of `cdk deploy --outputs-file`. */
export const OUTPUTS_FILE = 'outputs.json';

/** Addresses of the local cloud itself: {@link LocalAddresses}. */
export const ADDRESSES_FILE = 'local.json';

/** Content of {@link ADDRESSES_FILE}. */
export type LocalAddresses = Pick<LocalCloud, 'apiUrl' | 'awsUrl' | 'realtimekitKeyUrl' | 'secretNames'>;

/** Writes both files; the outputs last, because they say that all is ready. */
export function writeStateFiles(
  folder: string,
  { apiUrl, awsUrl, realtimekitKeyUrl, secretNames, outputs }: LocalCloud,
): void {
  mkdirSync(folder, { recursive: true });
  write(folder, ADDRESSES_FILE, { apiUrl, awsUrl, realtimekitKeyUrl, secretNames } satisfies LocalAddresses);
  write(folder, OUTPUTS_FILE, outputs);
}

/**
 * The addresses of the local cloud that runs.
 *
 * @throws Error that says how to start one
 */
export function readAddresses(folder: string): LocalAddresses {
  try {
    return JSON.parse(readFileSync(join(folder, ADDRESSES_FILE), 'utf8'));
  } catch {
    throw new Error('No local cloud is running. Start one in another terminal: npm start');
  }
}

/** The outputs of a stack of the local cloud that runs. */
export function readOutputs(folder: string, stackName: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(folder, OUTPUTS_FILE), 'utf8'))[stackName] ?? {};
}

/** Removes both files: they would name a local cloud that is gone. */
export function removeStateFiles(folder: string): void {
  for (const file of [OUTPUTS_FILE, ADDRESSES_FILE]) rmSync(join(folder, file), { force: true });
}

const write = (folder: string, file: string, content: object): void =>
  writeFileSync(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
