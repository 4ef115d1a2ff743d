import { compiled } from '../../../test/support/compiled';
import { conformance } from '../../conformance';
import { realtimekit } from '..';

for (const { name, run } of conformance(compiled(realtimekit()))) it(name, run);
