/** A provider that is not built in. Its name has a hyphen, and its path three segments. */
import { join } from 'node:path';
import * as z from 'zod';
import { defineProvider, type Provider } from '../../providers/provider';

interface AcmeSettings {
  /** Further members of the definition. */
  readonly more?: Partial<Provider>;
}

export const acme = defineProvider(
  'acme-rooms',
  z.strictObject({ more: z.custom<Partial<Provider>>().optional() }) satisfies z.ZodType<AcmeSettings>,
  ({ more }) => ({
    title: 'Acme Rooms',
    runtimeFile: join(__dirname, 'acme-runtime'),
    runtime: () => import('./acme-runtime'),
    families: ['meeting', 'unrecognized'],
    routes: [{ path: 'acme-rooms/hooks/v2', id: 'AcmeHooks', slowestMs: 4_000 }],
    ...more,
  }),
);
