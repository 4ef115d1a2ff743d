import { compiled } from '../../../test/support/compiled';
import { conformance } from '../../conformance';
import { recall } from '..';

for (const { name, run } of conformance(compiled(recall()))) it(name, run);
