export type { Variant } from './kit/sandbox/delivery';
export { realtimekitVariants } from './realtimekit/sandbox/variants';
export { recallVariants } from './recall/sandbox/variants';
