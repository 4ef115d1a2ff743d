/** What a person sees of an attempt: the answer, and nothing that must not be seen. */

import type { Attempt } from '../../../../bin/commands/listen/forward';
import { jsonOf, linesOf, summaryOf } from '../../../../bin/commands/listen/report';
import { widthOf } from '../../../../bin/terminal';

const event = {
  id: '5c7b0c62f9a54a2d8f1e3b7a90d4c615',
  time: '2026-03-02T09:30:00.000Z',
  type: 'participant.screenshare_stopped',
  subject: 'bot/6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11/participant/16778240',
};
const answer = (status: number, body = '') => ({ status, headers: {}, body });
const delivered: Attempt = { event, attempt: 1, outcome: 'delivered', milliseconds: 12, answer: answer(200, 'fine') };
const failed: Attempt = {
  ...delivered,
  ...{ attempt: 2, outcome: 'failed', answer: answer(503, 'no'), reason: 'Not a status from 200 to 299.' },
  againInSeconds: 2,
};
const options = { retries: 5 };

it('is a line where it fits, and else two, with the whole id of the event', () => {
  const line = linesOf(delivered, undefined, options);
  expect(line.split(/ {2,}/)).toEqual([event.time, event.type, event.subject, '200', '12 ms', event.id]);
  const narrow = linesOf(delivered, 80, options);
  expect(narrow.split('\n')).toHaveLength(2);
  expect(widthOf(narrow)).toBeLessThanOrEqual(80);
  expect(narrow).toContain('09:30:00  participant.screenshare_stopped  bot/6f0c1c1e');
  expect(narrow).toContain(`200  12 ms  ${event.id}`);
});

it('says why it failed and what comes next, with the answer', () => {
  expect(linesOf(failed, undefined, options).split('\n').slice(1)).toEqual([
    '  Attempt 2 of 6 failed. Not a status from 200 to 299. Again in 2 s.',
    '  no',
  ]);
  const { againInSeconds: _, ...last } = failed;
  expect(linesOf({ ...last, outcome: 'given up' }, undefined, options)).toContain('Given up: it will not come again.');
  const unanswered: Attempt = { ...failed, answer: undefined, reason: 'No answer within 30 s.' };
  expect(linesOf(unanswered, undefined, options)).toMatch(/ {2}--- .*\n.*No answer within 30 s\. Again in 2 s\.$/);
});

it('wraps the reason where the terminal is narrow', () => {
  const reason = 'It redirects. Redirects are not followed: give the address it redirects to.';
  const narrow = linesOf({ ...failed, answer: answer(301), reason }, 80, options);
  expect(widthOf(narrow)).toBeLessThanOrEqual(80);
  expect(narrow.replaceAll('\n ', '')).toContain(`failed. ${reason} Again in 2 s.`);
});

it('shows the answer of a delivered event only if asked to', () => {
  expect(linesOf(delivered, undefined, options)).not.toContain('fine');
  expect(linesOf(delivered, undefined, { ...options, verbose: true })).toMatch(/\n {2}fine$/);
  expect(JSON.parse(jsonOf(delivered, options))).toEqual({
    ...event,
    attempt: 1,
    outcome: 'delivered',
    milliseconds: 12,
    status: 200,
  });
});

it('is one line of JSON for machines', () => {
  const body = '{\n"error":"no"}';
  const json = jsonOf({ ...failed, answer: answer(500, body) }, options);
  expect(json).not.toContain('\n');
  expect(JSON.parse(json)).toEqual({
    ...event,
    ...{ attempt: 2, outcome: 'failed', milliseconds: 12, status: 500, againInSeconds: 2 },
    reason: 'Not a status from 200 to 299.',
    body: '{"error":"no"}',
  });
});

it.each([
  ['a token', '{"echo":{"access_token":"hush-4711"}}', 'hush-4711'],
  ['a download link', 'see https://files.example.com/a.mp4?sig=hush-4711', 'hush-4711'],
  ['control sequences', 'a\u001b[2Jb', '\u001b'],
  ['what comes after the beginning', `${'x'.repeat(2_500)}end`, 'end'],
  ['what comes after twenty lines', `${'line\n'.repeat(25)}end`, 'end'],
])('shows an answer without %s', (_, body, hidden) => {
  for (const text of [linesOf, (a: Attempt, __: undefined, o: typeof options) => jsonOf(a, o)]) {
    expect(text({ ...failed, answer: answer(500, body) }, undefined, options)).not.toContain(hidden);
  }
});

it('sums up', () => {
  expect(summaryOf({ delivered: 1, givenUp: 0, waiting: 0 })).toBe('1 event delivered.');
  expect(summaryOf({ delivered: 1000, givenUp: 2, waiting: 1 })).toBe(
    '1000 events delivered, 2 events given up. 1 event that had failed will not come again, because the queue is deleted.',
  );
});
