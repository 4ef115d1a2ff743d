export type { Variant } from './delivery';
export { realtimekitVariants } from './realtimekit/variants';
export { recallVariants } from './recall/variants';
