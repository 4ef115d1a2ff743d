import { compiled } from '../../../test/support/compiled';
import { conformance } from '../../conformance';
import { probe } from '..';

for (const { name, run } of conformance(compiled(probe()))) it(name, run);
