import type { ViewProps } from '../app';

export const DeadLetters = (_props: ViewProps) => <h1>DeadLetters</h1>;
