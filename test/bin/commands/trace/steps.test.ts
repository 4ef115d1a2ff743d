/** What a trace says of a failure, and of lines that are gone. */
import { gapIn, type Step, stepOf } from '../../../../bin/commands/trace/steps';

const line = (message: object) => ({
  ...{ logGroup: 'g', id: '1', timestamp: 0, ingestionTime: 0 },
  message: JSON.stringify(message),
});

it('tells the cause of an event that could not be published', () => {
  const cause = { name: 'TimeoutError', code: 'ETIMEDOUT', message: 'no answer', cause: { name: 'Error' } };
  const error = { name: 'PutEventsError', message: 'An event was not taken.', cause };
  expect(stepOf(line({ message: 'event', outcome: 'failed', eventId: 'e', error }))).toMatchObject({
    stage: 'consumer',
    outcome: 'failed',
    detail: 'PutEventsError: An event was not taken.: cause: TimeoutError (ETIMEDOUT): no answer: cause: Error',
  });
});

it('reads a line whose members are not what functions write', () => {
  const odd = { message: 'event', timestamp: 'yesterday', milliseconds: 'many', error: { message: 7, code: 'E' } };
  expect(stepOf({ ...line(odd), timestamp: 5 })).toMatchObject({ stage: 'consumer', at: 5, detail: 'Error (E): 7' });
  expect(stepOf(line({ extendedRequestId: 'c', latencyMs: '-' }))).toMatchObject({ stage: 'request', at: 0 });
});

const steps = (...stages: Step['stage'][]): Step[] =>
  stages.map((stage) => ({ stage, at: 0, outcome: '', detail: '', logGroup: 'g' }));

it.each<[Step['stage'][], string | undefined]>([
  [['request', 'verifier', 'consumer', 'shared bus'], undefined],
  [['request', 'verifier'], undefined],
  [['shared bus'], 'request, verifier, consumer'],
  [['request', 'consumer', 'shared bus'], 'verifier'],
  [['log'], undefined],
])('of %j says that %j is gone', (stages, missing) => {
  const gap = gapIn(steps(...stages));
  if (missing === undefined) expect(gap).toBeUndefined();
  else expect(gap).toContain(`There is no line of: ${missing}. Older than --since or than the setting logDays`);
});
