/** How the doctor tells that deliveries of the probe were not accepted. */
import { refusedFinding } from '../../../../bin/commands/doctor/probe';

const attempt = { milliseconds: 20 } as const;

it('names each reason once, with its families', () => {
  const unreadable = { name: 'NoKey', message: 'The secret of the probe cannot be read, or has no key.' };
  const { message } = refusedFinding(
    [
      { ...attempt, family: 'bot', status: 401 },
      { ...attempt, family: 'meeting', error: unreadable },
      { ...attempt, family: 'recording', status: 401 },
      { ...attempt, family: 'transcript' },
    ],
    6,
  );
  expect(message).toBe(
    '4 of 6 deliveries were not accepted. The API answered 401 (bot, recording). The secret of the probe cannot be read, or has no key (meeting). No response (transcript).',
  );
});

it('names no family where all have the same reason, and tells why there was no response', () => {
  const error = {
    name: 'TypeError',
    message: 'fetch failed',
    cause: { name: 'Error', message: 'connect ECONNREFUSED' },
  };
  const { message } = refusedFinding(
    (['bot', 'meeting'] as const).map((family) => ({ ...attempt, family, error })),
    2,
  );
  expect(message).toBe('2 of 2 deliveries were not accepted. fetch failed: connect ECONNREFUSED.');
});
