/** Every route of the console's API. */
import type { Route } from './route';
import { aboutRoutes } from './routes/about';
import { deadLetterRoutes } from './routes/dead-letters';
import { eventRoutes } from './routes/event';
import { healthRoutes } from './routes/health';
import { liveRoutes } from './routes/live';
import { refusedRoutes } from './routes/refused';

export const ROUTES: readonly Route[] = [
  ...aboutRoutes,
  ...liveRoutes,
  ...eventRoutes,
  ...refusedRoutes,
  ...deadLetterRoutes,
  ...healthRoutes,
];
