/** Every route of the console's API. */
import type { Route } from './route';
import { aboutRoutes } from './routes/about';
import { catalogueRoutes } from './routes/catalogue';
import { deadLetterRoutes } from './routes/dead-letters';
import { eventRoutes } from './routes/event';
import { faultRoutes } from './routes/faults';
import { healthRoutes } from './routes/health';
import { liveRoutes } from './routes/live';
import { patternRoutes } from './routes/patterns';
import { refusedRoutes } from './routes/refused';
import { tryRoutes } from './routes/try';

export const ROUTES: readonly Route[] = [
  ...aboutRoutes,
  ...liveRoutes,
  ...eventRoutes,
  ...refusedRoutes,
  ...deadLetterRoutes,
  ...healthRoutes,
  ...tryRoutes,
  ...faultRoutes,
  ...catalogueRoutes,
  ...patternRoutes,
];
