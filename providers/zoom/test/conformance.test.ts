import { compiled } from '../../../test/support/compiled';
import { conformance } from '../../conformance';
import { zoom } from '..';

for (const { name, run } of conformance(compiled(zoom()))) it(name, run);
