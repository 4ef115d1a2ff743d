import type { ViewProps } from '../app';

export const Event = (_props: ViewProps) => <h1>Event</h1>;
