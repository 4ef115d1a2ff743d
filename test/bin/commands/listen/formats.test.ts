/** What is posted: checked by a reader of CloudEvents, and against the text of the event. */
import { CATALOGUE } from '@meetbus/events';
import { type CloudEvent, HTTP } from 'cloudevents';
import { contentOf, targetOf } from '../../../../bin/commands/listen/formats';

const { example } = CATALOGUE['recording.ready'];
const detail = { ...example, time: '2026-03-02T09:30:00.123456Z', stale: true, subject: 'recording/Grüße "50 %"' };

/** An envelope whose event has a number that JavaScript cannot hold. */
const envelope = JSON.stringify({ source: detail.source, 'detail-type': detail.type, detail }).replace(
  '"data":{',
  '"data":{"raw":{"account":90071992547409931234,"rate":1.10},',
);
const data = { ...detail.data, raw: { account: Number('90071992547409931234'), rate: 1.1 } };

it('a CloudEvent in structured mode is the event, digit for digit', () => {
  const { headers, body } = contentOf(envelope, 'cloudevents', 'structured');
  expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
  expect(envelope).toContain(`"detail":${body}`);
  const read = HTTP.toEvent({ headers, body }) as CloudEvent;
  expect(read).toMatchObject({ id: detail.id, type: 'recording.ready', subject: detail.subject, stale: true, data });
});

it('a CloudEvent in binary mode has its attributes in headers that HTTP takes, and its data in the body', () => {
  const { headers, body } = contentOf(envelope, 'cloudevents', 'binary');
  const { data: _, datacontenttype, ...attributes } = detail;
  expect(headers['content-type']).toBe(datacontenttype);
  const read = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice(3), decodeURIComponent(value)]] : [],
  );
  expect(Object.fromEntries(read)).toEqual({ ...attributes, stale: 'true' });
  expect(headers['ce-subject']).toBe('recording/Gr%C3%BC%C3%9Fe%20%2250%20%25%22');
  expect(envelope).toContain(`"data":${body}`);
});

it.each(['eventbridge', 'lambda'] as const)('%s is the envelope as it came', (format) => {
  expect(contentOf(envelope, format, 'structured')).toEqual({
    headers: { 'content-type': 'application/json' },
    body: envelope,
  });
});

it('what is no CloudEvent is not made one', () => {
  const broken = JSON.stringify({ detail: { ...detail, source: '' } });
  expect(() => contentOf(broken, 'cloudevents', 'structured')).toThrow();
});

it.each([
  ['http://localhost:9000', 'lambda', 'http://localhost:9000/2015-03-31/functions/function/invocations'],
  ['http://localhost:3001/2015-03-31/functions/Mine/invocations', 'lambda', ''],
  ['http://localhost:8080/', 'cloudevents', ''],
] as const)('%s as %s', (address, format, target) => {
  expect(targetOf(new URL(address), format).href).toBe(target || address);
});
