/** Catalogue: every type of event, and the pattern tester. */
import { useState } from 'preact/hooks';
import type { Catalogue as Content, TypeReference } from '../../api/catalogue';
import type { ViewProps } from '../app';
import { PatternTester } from '../catalogue/pattern-tester';
import { Fields, TypePage } from '../catalogue/type-page';
import { linkTo } from '../location';
import { ErrorNotice, Notice } from '../parts/notice';
import { hasWords } from '../parts/words';
import { useLoaded } from '../server';
import './catalogue.css';

/** `#/catalogue`, `#/catalogue/<type>`, and `#/catalogue?pattern=<JSON>` for the tester. */
export function Catalogue({ about, place }: ViewProps) {
  const { data, error } = useLoaded<Content>('api/catalogue');
  const pattern = place.query.get('pattern');
  const shown = data?.types.find(({ type }) => type === place.about);
  return (
    <>
      <h1>Catalogue</h1>
      <nav class="bar" aria-label="Catalogue">
        <a href={linkTo('catalogue')} aria-current={pattern === null ? 'page' : undefined}>
          Types
        </a>
        <a href={linkTo('catalogue', '', { pattern: '' })} aria-current={pattern === null ? undefined : 'page'}>
          Pattern tester
        </a>
      </nav>
      <ErrorNotice error={error} />
      {pattern !== null && <PatternTester about={about} given={pattern} />}
      {pattern === null && data && (
        <div class={`catalogue ${shown ? 'chosen' : ''}`}>
          <TypeList types={data.types} current={place.about} />
          <div>
            {shown && <TypePage about={about} reference={shown} />}
            {!shown && place.about !== '' && <Notice kind="bad">There is no type {place.about}.</Notice>}
            {!shown && <Attributes content={data} />}
          </div>
        </div>
      )}
    </>
  );
}

/** What every type has. */
const Attributes = ({ content }: { readonly content: Content }) => (
  <>
    <h2>Every event</h2>
    <p>
      The <code>detail</code> of an event on the shared bus is a CloudEvent with these attributes, its <code>type</code>{' '}
      and its <code>data</code>. Choose a type to see its data.
    </p>
    <Fields fields={content.attributes} />
  </>
);

/** Everything that is said about a type, for the search. */
const textOf = ({ type, family, description, fields, senders }: TypeReference): string =>
  [
    type,
    family,
    description,
    ...fields.map(({ path, meaning }) => `${path} ${meaning}`),
    ...senders.flatMap(({ name, title, events }) => [name, title, ...events.map((event) => event.name)]),
  ].join(' ');

function TypeList({ types, current }: { readonly types: readonly TypeReference[]; readonly current: string }) {
  const [search, setSearch] = useState('');
  const isFound = hasWords(search);
  const found = types.filter((type) => isFound(textOf(type)));
  const families = [...new Set(found.map(({ family }) => family))];
  return (
    <div class="types">
      <label>
        Search types, fields, providers{' '}
        <input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
      </label>
      <p class="dim" role="status">
        {found.length} of {types.length} types
      </p>
      {families.map((family) => (
        <section key={family} aria-label={family}>
          <h2>{family}</h2>
          <ul>
            {found
              .filter((type) => type.family === family)
              .map(({ type }) => (
                <li key={type}>
                  <a href={linkTo('catalogue', type)} aria-current={type === current ? 'true' : undefined}>
                    {type}
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
