/** The probe: a provider that is Meetbus itself. It is part of every deployment whose setting `probe` does not turn it off. */
import { join } from 'node:path';
import * as z from 'zod';
import { secretName } from '../kit/settings';
import { defineProvider } from '../provider';
import { PROBE_NAME, PROBE_ROUTE } from './names';
import { SIGNING_KEY } from './secret';

/** Settings of the probe's provider, which the construct passes. */
interface ProbeProviderSettings {
  /** Name of the secret that the stack generates. @default "meetbus/probe" */
  readonly secretName?: string | undefined;
}

const settings = z.strictObject({ secretName: secretName.default('meetbus/probe') });

export const probe = defineProvider<ProbeProviderSettings, z.output<typeof settings>>(
  PROBE_NAME,
  settings,
  ({ secretName: name }) => ({
    title: 'the probe',
    runtimeFile: join(__dirname, 'runtime'),
    runtime: () => import('./runtime'),
    sandbox: () => import('./sandbox'),
    families: ['bot', 'meeting', 'participant', 'recording', 'transcript', 'workspace', 'unrecognized'],
    // The objective is five seconds end to end, and the verifier is a part of it.
    routes: [{ path: PROBE_ROUTE, id: 'ProbeWebhooks', slowestMs: 4_000 }],
    secret: { name, entries: [SIGNING_KEY], isRequired: true },
    afterRefusal: 'The probe loads its key again, and sends the next delivery a minute later.',
    afterFailure: 'The probe sends the next delivery a minute later.',
  }),
);
