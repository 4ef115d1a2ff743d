/** The AWS profiles of this machine. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { didYouMean, sentences } from './did-you-mean';
import { UsageError } from './usage';

/**
 * Section header in either file. In the configuration file, profiles have the prefix `profile`, except the default one.
 */
const SECTION = /^[ \t]*\[[ \t]*(profile[ \t]+)?"?([^\]"]+?)"?[ \t]*\]/gm;

/**
 * Checks that a profile exists. The SDK would only say that it has no region, or no credentials.
 *
 * @throws UsageError that suggests the nearest profile, and lists all
 */
export function checkProfile(profile: string): void {
  const names = profileNames();
  if (names.includes(profile)) return;
  const there = names.length === 0 ? 'There are none: aws configure makes one.' : `There are: ${names.join(', ')}.`;
  throw new UsageError(sentences(`There is no AWS profile ${profile}.`, didYouMean(profile, names), there));
}

/** Names of the profiles in both files; an unreadable file has none. */
export function profileNames(): string[] {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  const configured = sectionsIn(AWS_CONFIG_FILE || join(homedir(), '.aws', 'config'))
    .filter(({ isProfile, name }) => isProfile || name === 'default')
    .concat(sectionsIn(AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials')));
  return [...new Set(configured.map(({ name }) => name))];
}

const sectionsIn = (file: string) =>
  [...read(file).matchAll(SECTION)].map(([, profile, name = '']) => ({ isProfile: profile !== undefined, name }));

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
