/** What the console shows: which Meetbus, and what may be done with it. */
import { MEETING_EVENT_TYPES } from '@meetbus/events';
import { version } from '../../../package.json';
import { providersOf } from '../../providers';
import type { About } from '../api';
import { read } from '../route';

export const aboutRoutes = [
  read(
    '/api/about',
    ({ deployment, flags, allowsChanges }): About => ({
      version,
      stack: flags.stack,
      where: deployment.local ? 'local' : 'aws',
      ...(flags.region && { region: flags.region }),
      allowsChanges,
      providers: providersOf(deployment).map(({ name, title }) => ({ name, title })),
      types: MEETING_EVENT_TYPES,
    }),
  ),
];
