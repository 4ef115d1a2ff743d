import { compiled } from '../../../test/support/compiled';
import { conformance } from '../../conformance';
import { livekit } from '..';

for (const { name, run } of conformance(compiled(livekit()))) it(name, run);
