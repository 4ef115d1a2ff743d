/** The function behind the routes of one provider. Which one, says the runtime that lies beside it. */
import { createVerifier } from '../ingest/verifier';
import { readProvider } from '../platform/bundled-providers';

export const handler = createVerifier(readProvider(__dirname));
