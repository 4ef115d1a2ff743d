import type { ViewProps } from '../app';

export const Health = (_props: ViewProps) => <h1>Health</h1>;
