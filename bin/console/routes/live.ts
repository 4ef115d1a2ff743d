/** Deliveries as they come. */
import { feedOf } from '../live/feed';
import { read } from '../route';

export const liveRoutes = [read('/api/live', (context, { signal }) => feedOf(context).follow(signal))];
