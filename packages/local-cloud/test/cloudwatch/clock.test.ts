/** CloudWatch's clock, as a request sets it forward. */
import { answerClockRequest } from '../../src/cloudwatch/clock';

function answerTo(method: string, body: string) {
  const advanced: number[] = [];
  const { status } = answerClockRequest(method, Buffer.from(body), (milliseconds) => advanced.push(milliseconds));
  return { status, advanced };
}

it('is set forward by minutes', () => {
  expect(answerTo('POST', '{"minutes":2.5}')).toEqual({ status: 200, advanced: [150_000] });
});

it.each([
  ['GET', '{"minutes":1}', 405],
  ['POST', '{"minutes":-1}', 400],
  ['POST', '{"minutes":"1"}', 400],
  ['POST', 'a minute', 400],
])('is not by %s %s', (method, body, status) => {
  expect(answerTo(method, body)).toEqual({ status, advanced: [] });
});
