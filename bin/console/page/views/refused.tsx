import type { ViewProps } from '../app';

export const Refused = (_props: ViewProps) => <h1>Refused</h1>;
