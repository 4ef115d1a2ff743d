/** The parts of the providers' folders that the documentation of events uses. */
import type { Provider, ProviderDocs } from '../providers/provider';

/** A provider, with the docs of its events. */
export interface DocumentedProvider {
  readonly name: string;
  readonly title: string;
  readonly docs: ProviderDocs;
  /** Names of its events that a token alone proves. */
  readonly provedByToken: readonly string[];
}

/** Reads the docs of the providers. Providers without docs are left out. */
export async function documented(providers: readonly Provider[]): Promise<readonly DocumentedProvider[]> {
  const read = await Promise.all(
    providers.map(async ({ name, title, runtime, docs }) => {
      if (!docs) return [];
      const [{ runtime: code }, { docs: said }] = await Promise.all([runtime(), docs()]);
      const names = [...new Set(said.events.map((event) => event.name))];
      const provedByToken = names.filter((event) => code.isProvedByToken?.(event));
      return [{ name, title, docs: said, provedByToken }];
    }),
  );
  return read.flat();
}

/** As code in Markdown. */
export const asCode = (text: string): string => `\`${text}\``;
