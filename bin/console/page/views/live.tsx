import type { ViewProps } from '../app';

export const Live = (_props: ViewProps) => <h1>Live</h1>;
