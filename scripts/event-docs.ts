/** Renders `docs/events.md`, and the README's sample event, from the catalogue and from the docs of the providers. */
import { CATALOGUE, FAMILIES } from '@meetbus/events';
import type { FieldReference, SenderReference, TypeReference } from '../bin/console/api/catalogue';
import { attributeReferences, type DocumentedProvider, typeReferences } from '../bin/event-reference';
import { asCode, introduction } from './event-docs-introduction';

/** The whole page. */
export function renderEventDocs(providers: readonly DocumentedProvider[]): string {
  const types = typeReferences(providers);
  const sections = FAMILIES.map((family) =>
    [`## ${family}`, ...types.filter((type) => type.family === family).map(renderType)].join('\n\n'),
  );
  return `${[introduction(providers, renderFields(attributeReferences())), ...sections].join('\n\n')}\n`;
}

/** The sample event of the README. */
const README_SAMPLE =
  /(?<=The event's `detail` is a CloudEvent, here of a made-up provider:\n\n```json\n)[\s\S]*?(?=\n```)/;

/** The README with the sample event of the catalogue. */
export const withSampleEvent = (readme: string): string =>
  readme.replace(README_SAMPLE, () => JSON.stringify(CATALOGUE['recording.ready'].example, null, 2));

const renderType = ({ type, description, senders, fields, example, patterns }: TypeReference): string => `### ${type}

${description}

${type === 'event.unrecognized' ? 'Sent for every genuine delivery that becomes no other type.' : senders.map(renderSender).join('\n')}

${renderFields(fields)}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

${patterns.map(({ title, pattern }) => `${title}:\n\n\`\`\`json\n${JSON.stringify(pattern)}\n\`\`\``).join('\n\n')}`;

const renderSender = ({ title, events }: SenderReference): string =>
  `- ${title}: ${events.map(({ name, when }) => [asCode(name), when].filter(Boolean).join(' ')).join(', ')}`;

/** A table of the fields. */
function renderFields(fields: readonly FieldReference[]): string {
  const rows = fields.map(
    ({ path, kind, values, isRequired, meaning }) =>
      `| \`${path}\` | ${values?.map(asCode).join(' or ') ?? kind} | ${isRequired ? 'always' : ''} | ${meaning} |`,
  );
  return ['| field | type | | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
