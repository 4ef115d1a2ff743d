import type { ComponentChildren } from 'preact';
import type { About } from '../../api';
import type { FieldReference, SenderReference, TypeReference } from '../../api/catalogue';
import { linkTo } from '../location';
import { Copy } from '../parts/copy';
import { Prose } from '../parts/prose';
import { type Column, Table } from '../parts/table';

/** All about one type. */
export const TypePage = ({ about, reference }: { readonly about: About; readonly reference: TypeReference }) => {
  const { type, description, senders, fields, example, patterns } = reference;
  return (
    <article aria-labelledby="type">
      <h2 id="type">
        <code>{type}</code>
      </h2>
      <p>
        <Prose text={description} />
      </p>
      <h3>Sent by</h3>
      {type === 'event.unrecognized' ? (
        <p>Every genuine delivery that becomes no other type. It is on the intake bus only.</p>
      ) : (
        <ul>
          {senders.map((sender) => (
            <Sender key={sender.name} about={about} sender={sender} />
          ))}
        </ul>
      )}
      <h3>
        Fields of <code>data</code>
      </h3>
      <Fields fields={fields} />
      {patterns.map(({ title, pattern }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <Json value={pattern}>
            <a href={linkTo('catalogue', '', { pattern: JSON.stringify(pattern) })}>Test it</a>
          </Json>
        </section>
      ))}
      <section aria-label="Example">
        <h3>Example</h3>
        <Json value={example} />
      </section>
    </article>
  );
};

/** JSON to read and to copy, with what else one can do with it. */
function Json({ value, children }: { readonly value: object; readonly children?: ComponentChildren }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <>
      <pre>{text}</pre>
      <p class="bar">
        <Copy text={text} />
        {children}
      </p>
    </>
  );
}

/** A provider with its events; in the local cloud each can be tried. */
function Sender({
  about,
  sender: { name, title, events },
}: {
  readonly about: About;
  readonly sender: SenderReference;
}) {
  const isPlayable = about.where === 'local' && about.providers.some((provider) => provider.name === name);
  return (
    <li>
      {title}:{' '}
      {events.map(({ name: event, when }, index) => (
        <span key={`${event} ${when}`}>
          {index > 0 && ', '}
          {isPlayable ? (
            <a href={linkTo('try', '', { provider: name, event })}>
              <code>{event}</code>
            </a>
          ) : (
            <code>{event}</code>
          )}
          {when !== undefined && ' '}
          {when !== undefined && <Prose text={when} />}
        </span>
      ))}
    </li>
  );
}

const COLUMNS: readonly Column<FieldReference>[] = [
  { title: 'field', cell: ({ path }) => <code>{path}</code> },
  { title: 'type', cell: ({ kind, values }) => (values === undefined ? kind : <code>{values.join(' or ')}</code>) },
  { title: 'required', cell: ({ isRequired }) => (isRequired ? 'always' : '') },
  { title: 'meaning', cell: ({ meaning }) => <Prose text={meaning} /> },
];

/** A table of fields. */
export const Fields = ({ fields }: { readonly fields: readonly FieldReference[] }) => (
  <Table caption="Fields" columns={COLUMNS} rows={fields} keyOf={({ path }) => path} />
);
