import { readRestApi } from '../../src/api-gateway/rest-api';
import { proxyMethod, writeAssembly } from '../template/fixture';
import { Apis, CODE, gatewayResponse, json, type RunningApi, resource, template } from './fixture';
import { send } from './http';

const apis = new Apis();
let api: RunningApi;
beforeAll(async () => {
  api = await apis.start();
});
afterAll(() => apis.close());

/** Each error with what AWS answers, and with what it answers when the template customises the type. */
const ERRORS = [
  ['a function error', 'fail', 'DEFAULT_5XX', 502, 'Internal server error'],
  ['a crash', 'exit', 'DEFAULT_5XX', 502, 'Internal server error'],
  ['a failed start', 'init', 'DEFAULT_5XX', 502, 'Internal server error'],
  ['a throttled function', 'throttled', 'INTEGRATION_FAILURE', 500, 'Internal server error'],
  ['a slow function', 'slow', 'INTEGRATION_TIMEOUT', 504, 'Endpoint request timed out'],
  ['an unknown path', 'nowhere', 'MISSING_AUTHENTICATION_TOKEN', 403, 'Missing Authentication Token'],
  ['the root', '', 'MISSING_AUTHENTICATION_TOKEN', 403, 'Missing Authentication Token'],
] as const;

describe('an error', () => {
  it.each(ERRORS)('%s (/%s) is answered as %s: %d', async (_, path, __, status, message) => {
    const answer = await api.post(path, 'x');

    expect([answer.status, json(answer.body)]).toEqual([status, { message }]);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['x-amzn-errortype']).toMatch(/Exception$/);
  });

  it('an unknown method is answered as an unknown path', async () => {
    expect((await send(`${api.gateway.url}fail`, 'GET')).status).toBe(403);
  });

  it.each(ERRORS)('%s (/%s) can be customised as %s', async (_, path, type, __, message) => {
    const { post } = await apis.start({
      gatewayResponses: {
        Custom: gatewayResponse(type, {
          StatusCode: '503',
          ResponseParameters: {
            'gatewayresponse.header.Retry-After': "'5'",
            'gatewayresponse.header.X-Request': 'context.requestId',
          },
          ResponseTemplates: {
            'application/json':
              '{"m":$context.error.messageString,"n":"$context.error.message","t":"$context.error.responseType","u":"$context.nothing"}',
          },
        }),
      },
    });
    const answer = await post(path, 'x');

    expect(answer.status).toBe(503);
    expect(json(answer.body)).toEqual({ m: message, n: message, t: type, u: '' });
    expect(answer.headers).toMatchObject({ 'retry-after': '5', 'x-request': answer.headers['x-amzn-requestid'] });
  });

  it('without a response of its own takes that of its family', async () => {
    const { post } = await apis.start({
      gatewayResponses: {
        Server: gatewayResponse('DEFAULT_5XX', { StatusCode: '599' }),
        Client: gatewayResponse('DEFAULT_4XX', { ResponseTemplates: { 'text/plain': '$context.responseType' } }),
      },
    });
    const missing = await post('nowhere');

    expect((await post('slow')).status).toBe(599);
    expect((await post('throttled')).status).toBe(599);
    expect([missing.status, missing.headers['content-type'], missing.body.toString()]).toEqual([
      403,
      'text/plain',
      'MISSING_AUTHENTICATION_TOKEN',
    ]);
  });

  it('of the integration is 504 once customised without a status', async () => {
    const { post } = await apis.start({
      gatewayResponses: {
        Custom: gatewayResponse('INTEGRATION_FAILURE', { ResponseTemplates: { 'application/json': '{}' } }),
      },
    });

    expect((await post('throttled')).status).toBe(504);
  });

  it('that cannot be mapped as the template wants it ends the start', () => {
    const assembly = writeAssembly(
      template({
        gatewayResponses: {
          Custom: gatewayResponse('THROTTLED', {
            ResponseParameters: { 'gatewayresponse.header.A': 'method.request.header.B' },
          }),
        },
      }),
      CODE,
    );

    expect(() => readRestApi(assembly.resolve())).toThrow(
      /^Custom: the local cloud cannot map method\.request\.header\.B/,
    );
    assembly.remove();
  });
});

describe('a template', () => {
  it.each([
    [
      'another integration',
      {
        Other: {
          Type: 'AWS::ApiGateway::Method',
          Properties: { HttpMethod: 'GET', ResourceId: 'x', Integration: { Type: 'MOCK' } },
        },
      },
      /^Other: .*AWS_PROXY\) only, not MOCK/,
    ],
    [
      'any method',
      { Other: proxyMethod('ANY', { Ref: 'newPath' }, 'echo') },
      /^Other: .* one method of a path without \{name\+\}, not ANY \/echo\/new\.$/,
    ],
    [
      'a path that takes several segments',
      { Calls: resource('{call+}', 'echoPath'), Other: proxyMethod('GET', { Ref: 'Calls' }, 'echo') },
      /^Other: .* one method of a path without \{name\+\}, not GET \/echo\/\{call\+\}\.$/,
    ],
    [
      'stage variables',
      { Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1', Variables: { a: 'b' } } } },
      /^Stage: the local cloud knows no stage variables\.$/,
    ],
    [
      'a second API',
      { Second: { Type: 'AWS::ApiGateway::RestApi' } },
      /serves one AWS::ApiGateway::RestApi; stack Calls has 2/,
    ],
  ])('with %s is refused', (_, more, message) => {
    const assembly = writeAssembly(template({ gatewayResponses: more }), CODE);

    expect(() => readRestApi(assembly.resolve())).toThrow(message);
    assembly.remove();
  });
});
