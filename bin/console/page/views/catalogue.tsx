import type { ViewProps } from '../app';

export const Catalogue = (_props: ViewProps) => <h1>Catalogue</h1>;
