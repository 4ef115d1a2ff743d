/** Zoom in the command line. */
import type { ProviderCli } from '../../cli';

const RUNBOOK = 'providers/zoom/README.md#when-an-alarm-fires';

export const cli: ProviderCli = {
  commands: [],
  remedies: {
    missing_header: `Zoom signs every delivery, so somebody else posts: ${RUNBOOK}.`,
    no_matching_key: `Was the secret token regenerated, or has another Zoom app this URL? npx meetbus secrets show; ${RUNBOOK}.`,
    malformed_handshake: `A handshake of Zoom held no plain token that may be hashed: ${RUNBOOK}.`,
  },
};
