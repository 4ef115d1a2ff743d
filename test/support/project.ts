import { join } from 'node:path';

/** Root of the project. */
export const PROJECT_ROOT = join(__dirname, '..', '..');
