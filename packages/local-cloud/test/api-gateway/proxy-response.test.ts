import { Apis, type RunningApi } from './fixture';

const apis = new Apis();
let api: RunningApi;
beforeAll(async () => {
  api = await apis.start();
});
afterAll(() => apis.close());

describe('an answer', () => {
  it('has the status, headers and body of the function', async () => {
    const { status, headers } = await api.post('echo');

    expect(status).toBe(201);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-one': 'yes',
      'x-flag': 'true',
      'x-amzn-remapped-server': 'mine',
      'set-cookie': ['a=1', 'b=2'],
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-amz-apigw-id': expect.any(String),
    });
  });

  it.each([
    ['nothing but a status', { statusCode: 204 }, 204, ''],
    ['a status as text', { statusCode: '202', body: 'ok' }, 202, 'ok'],
    ['nothing at all', {}, 200, ''],
    ['null members', { statusCode: 200, headers: null, multiValueHeaders: null, body: null }, 200, ''],
    ['a base64 body', { body: 'aGk=', isBase64Encoded: true }, 200, 'hi'],
    ['a body that only looks like base64', { body: 'aGk=' }, 200, 'aGk='],
  ])('may say %s', async (_, response, status, body) => {
    const answer = await api.post('say', JSON.stringify(response));

    expect([answer.status, answer.body.toString()]).toEqual([status, body]);
  });

  it('is JSON unless it says otherwise', async () => {
    expect((await api.post('say', '{"body":"{}"}')).headers['content-type']).toBe('application/json');
  });

  it('prefers multi-value headers', async () => {
    const response = { headers: { 'X-A': 'single' }, multiValueHeaders: { 'x-a': ['multi'] } };

    expect((await api.post('say', JSON.stringify(response))).headers['x-a']).toBe('multi');
  });

  it.each([
    ['null', null],
    ['a text', 'ok'],
    ['a list', []],
    ['an unknown member', { statusCode: 200, status: 'ok' }],
    ['a status that is no number', { statusCode: 'fine' }],
    ['a status out of range', { statusCode: 99 }],
    ['a body that is no text', { statusCode: 200, body: { ok: true } }],
    ['a header that is an object', { headers: { a: {} } }],
    ['a header that HTTP forbids', { headers: { a: 'x\r\nb: y' } }],
    ['a multi-value header without a list', { multiValueHeaders: { a: 'b' } }],
  ])('that is malformed (%s) is a 502', async (_, response) => {
    const answer = await api.post('say', JSON.stringify(response));

    expect([answer.status, answer.body.toString()]).toEqual([502, '{"message":"Internal server error"}']);
  });
});
