import type { ViewProps } from '../app';

export const Try = (_props: ViewProps) => <h1>Try</h1>;
