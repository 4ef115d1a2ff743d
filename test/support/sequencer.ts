/** The order of the test files. */
import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

type Tests = Parameters<Sequencer['sort']>[0];

/** Tests with the longest waits begin first: one that began last would run on alone. By folder, the earliest first. */
const FOLDERS = ['package', 'e2e'].map((name) => `${sep}${name}${sep}`);

const rankOf = ({ path }: Tests[number]): number => {
  const rank = FOLDERS.findIndex((folder) => path.includes(folder));
  return rank < 0 ? FOLDERS.length : rank;
};

/** The package's one long test, then end-to-end tests, which wait more than they compute, then all others. */
export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    return (await super.sort(tests)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
