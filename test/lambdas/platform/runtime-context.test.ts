/** What runtimes log through their context. */
import '../../support/quiet';

import { logger } from '../../../lambdas/platform/logger';
import { createRuntimeContext } from '../../../lambdas/platform/runtime-context';
import { runtime } from '../../support/acme-runtime';

const SECRET = 'no-json-but-a-secret';

/** The error of a body or a secret that is not JSON. It quotes the text. */
function parseError(): unknown {
  try {
    return JSON.parse(SECRET);
  } catch (error) {
    return error;
  }
}

beforeAll(() => Object.assign(process.env, { TABLE_NAME: 'table', AWS_REGION: 'us-east-1' }));

it('describes the errors in the details of a warning, which may quote a secret', () => {
  const written: string[] = [];
  const write = jest.spyOn(logger, 'warn').mockImplementation((...parts) => {
    written.push(...parts.map((part) => JSON.stringify(part)), ...parts.flatMap(messagesIn));
  });
  const { warn } = createRuntimeContext({ name: 'acme-rooms', runtime, options: {} });
  warn('key_malformed', { keyId: 'k-1', error: parseError() });
  write.mockRestore();
  const text = written.join('\n');
  expect(text).toContain('"keyId":"k-1"');
  expect(text).toContain('"name":"SyntaxError"');
  expect(text).not.toContain(SECRET.slice(0, 5));
});

/** Messages of errors, which JSON does not show, and the logger does. */
const messagesIn = (part: unknown): string[] =>
  Object.values(Object(part)).flatMap((value) => (value instanceof Error ? [value.message] : []));
