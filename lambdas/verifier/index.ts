/** The verifier for the routes of one provider. The runtime in its asset determines the provider. */
import { createVerifier } from '../ingest/verifier';
import { readProvider } from '../platform/bundled-providers';

export const handler = createVerifier(readProvider(__dirname));
