/** The examples of the contract, as events of a provider that exists. */
import { CATALOGUE, FAMILY_OF, type MeetingEventType, sourceOf } from '@meetbus/events';
import { DEFAULT_PROVIDERS } from '../../providers';

const providers = DEFAULT_PROVIDERS.map((factory) => factory());

/** The example of a type, with the name and the source of a provider that sends the type's family. */
export function exampleOf<Type extends MeetingEventType>(type: Type) {
  const sender = providers.find(({ families }) => families.includes(FAMILY_OF[type]));
  if (!sender) throw new Error(`No provider sends ${type}.`);
  const { example } = CATALOGUE[type];
  return { ...example, source: sourceOf(sender.name), provider: sender.name };
}
