/** Every route of the console's API. */
import type { Route } from './route';
import { aboutRoutes } from './routes/about';
import { eventRoutes } from './routes/event';
import { liveRoutes } from './routes/live';

export const ROUTES: readonly Route[] = [...aboutRoutes, ...eventRoutes, ...liveRoutes];
