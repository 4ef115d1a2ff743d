/** Providers that are wrong in one point. */
import { ofDefinition } from './definition';
import { ofEvents } from './events';
import { ofKeys } from './keys';
import { ofNames } from './names';
import { ofProof } from './proof';
import { ofSecrets } from './secrets';

export const FAULTS = [...ofDefinition, ...ofProof, ...ofKeys, ...ofEvents, ...ofSecrets, ...ofNames];
