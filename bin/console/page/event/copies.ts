/** What a person may take along from the page of an event. Pure functions. */
import type { ArchivedEvent, EventPage } from '../../api/event';

/** A text in single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A request of the same shape. It has no signature, and credentials in its body are masked: the verifier refuses it, and says
 * why. The first lines say so.
 */
export function curlOf({ url = '', provider }: EventPage, { came }: Pick<ArchivedEvent, 'came'>): string {
  const body = typeof came === 'string' ? came : JSON.stringify(came ?? {});
  return [
    '# The signature headers are missing, because Meetbus does not keep them, and credentials in the body are masked:',
    '# this is answered 401. To send the body signed, put it into a file:',
    // A line break would end the comment.
    `#   npx meetbus send ${provider.replace(/[^\w-]/g, '')} --file body.json --local`,
    `curl -i -X POST ${quoted(url)} \\`,
    "  -H 'content-type: application/json' \\",
    `  --data-raw ${quoted(body)}`,
  ].join('\n');
}

/** The event as EventBridge delivers it, for tests of a subscriber. Credentials are masked. */
export const fixtureOf = ({ envelope }: Pick<ArchivedEvent, 'envelope'>): string => JSON.stringify(envelope, null, 2);

/** The pattern of a rule for events of exactly this provider, type and subject. */
export const patternOf = ({ provider, type, subject }: EventPage): string =>
  JSON.stringify(
    { source: [`meetbus.${provider}`], 'detail-type': [type], ...(subject && { detail: { subject: [subject] } }) },
    null,
    2,
  );
