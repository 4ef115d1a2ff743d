/** Providers with their runtimes as functions load them: compiled, and with classes of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRuntime } from '../../lib/bundles';
import type { Provider } from '../../providers/provider';

/** The provider with its compiled runtime. */
export function compiled(provider: Provider): Provider {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-runtime-'));
  try {
    const file = join(folder, `${provider.name}.js`);
    writeRuntime(provider.runtimeFile, file);
    // Not jest's `require`, which would transform it once more.
    const loaded = createRequire(__filename)(file);
    return { ...provider, runtime: async () => loaded };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
