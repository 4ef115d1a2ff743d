/** The catalogue of event types. */
import { attributeReferences, documented, typeReferences } from '../../event-reference';
import { knownProviders } from '../../providers';
import type { Catalogue } from '../api/catalogue';
import { read } from '../route';

export const catalogueRoutes = [
  read('/api/catalogue', async (): Promise<Catalogue> => {
    const types = typeReferences(await documented(knownProviders()));
    return { types, attributes: attributeReferences() };
  }),
];
