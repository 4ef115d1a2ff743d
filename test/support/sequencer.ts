/** The order of the test files. */
import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

type Tests = Parameters<Sequencer['sort']>[0];

const isEndToEnd = ({ path }: Tests[number]): boolean => path.includes(`${sep}e2e${sep}`);

/** End-to-end tests first: they wait more than they compute, and one that began last would run on alone. */
export default class EndToEndFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const sorted = await super.sort(tests);
    return [...sorted.filter(isEndToEnd), ...sorted.filter((test) => !isEndToEnd(test))];
  }
}
