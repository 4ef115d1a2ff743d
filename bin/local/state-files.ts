/** The files with which commands find a running local cloud: `.meetbus/outputs.json` and `.meetbus/local.json`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, sentences } from '../did-you-mean';
import type { MeetbusCloud } from './cloud';

/** The stack's outputs, in the format of `cdk deploy --outputs-file`. */
export const OUTPUTS_FILE = 'outputs.json';

/** Addresses of the local cloud itself: {@link LocalAddresses}. */
export const ADDRESSES_FILE = 'local.json';

/** Lock of the local cloud that writes the two files: another one would remove or replace them. */
export const STATE_LOCK_FILE = 'state-lock.json';

/** Content of {@link ADDRESSES_FILE}. */
export type LocalAddresses = Pick<MeetbusCloud, 'apiUrl' | 'awsUrl' | 'providers'>;

/** Writes both files; the outputs last, because they signal that all is ready. */
export function writeStateFiles(folder: string, { apiUrl, awsUrl, providers, outputs }: MeetbusCloud): void {
  mkdirSync(folder, { recursive: true });
  write(folder, ADDRESSES_FILE, { apiUrl, awsUrl, providers } satisfies LocalAddresses);
  write(folder, OUTPUTS_FILE, outputs);
}

/**
 * The addresses of the running local cloud.
 *
 * @throws Error that says how to start one
 */
export const readAddresses = (folder: string): LocalAddresses => read(folder, ADDRESSES_FILE);

/**
 * The outputs of a stack in the running local cloud.
 *
 * @throws Error that says what to do, if none runs or it has no such stack
 */
export function readOutputs(folder: string, stackName: string): Readonly<Record<string, string>> {
  const stacks = read<Readonly<Record<string, Readonly<Record<string, string>>>>>(folder, OUTPUTS_FILE);
  const outputs = stacks[stackName];
  if (outputs) return outputs;
  const names = Object.keys(stacks);
  const all = `Name it with --stack; there are: ${names.join(', ')}.`;
  throw new Error(sentences(`There is no stack ${stackName} in the local cloud.`, didYouMean(stackName, names), all));
}

/** A missing or incomplete file means that no local cloud runs. */
function read<T extends object>(folder: string, file: string): T {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (typeof content === 'object' && content !== null) return content as T;
  } catch {}
  throw new Error(
    `No local cloud is running in ${folder}. Start one in another terminal: npx meetbus local. If it runs elsewhere, say where its ` +
      'state folder is: --state <folder>',
  );
}

/** Removes both files, which would otherwise refer to a stopped local cloud. */
export function removeStateFiles(folder: string): void {
  for (const file of [OUTPUTS_FILE, ADDRESSES_FILE]) rmSync(join(folder, file), { force: true });
}

const write = (folder: string, file: string, content: object): void =>
  writeFileSync(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
