/** The HTTP API as the template declares it. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { DEFAULT_PROVIDERS } from '../../providers';
import { probe } from '../../providers/probe';
import { defaultTemplate, resourcesOf } from '../support/template';

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
});

it.each(['THROTTLED', 'QUOTA_EXCEEDED', 'INTEGRATION_FAILURE', 'INTEGRATION_TIMEOUT', 'WAF_FILTERED'])(
  'answers %s with a 503, which no provider takes for a refusal',
  (ResponseType) => {
    template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType,
      StatusCode: '503',
      ResponseParameters: { 'gatewayresponse.header.Retry-After': Match.stringLikeRegexp("^'[1-9]\\d*'$") },
      ResponseTemplates: { 'application/json': '{"status":"unavailable"}' },
    });
  },
);

it('is regional, and hands every body to its function byte for byte', () => {
  template.resourceCountIs('AWS::ApiGateway::RestApi', 1);
  template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    BinaryMediaTypes: ['*/*'],
    EndpointConfiguration: { Types: ['REGIONAL'] },
    // With a size here the gateway would unpack compressed bodies, and no signature would fit.
    MinimumCompressionSize: Match.absent(),
  });
});

/** Paths of the API: each route, and with a token behind it where the provider puts one there. */
const PATHS = [...DEFAULT_PROVIDERS.map((provider) => provider()), probe()]
  .flatMap(({ routes }) => routes)
  .flatMap(({ path, takesPathToken }) => (takesPathToken ? [path, `${path}/{token}`] : [path]));

it('takes nothing but POST on the routes of the providers and of the probe', () => {
  const methods = resourcesOf(template, 'AWS::ApiGateway::Method').map(([, { Properties }]) => Properties);
  expect(methods).toHaveLength(PATHS.length);
  for (const method of methods) {
    expect(method).toMatchObject({ HttpMethod: 'POST', AuthorizationType: 'NONE', Integration: { Type: 'AWS_PROXY' } });
  }
  const parts = resourcesOf(template, 'AWS::ApiGateway::Resource').map(([, { Properties }]) => Properties.PathPart);
  const beginnings = PATHS.flatMap((path) => path.split('/').map((_, end, all) => all.slice(0, end + 1).join('/')));
  const expected = [...new Set(beginnings)].map((path) => path.split('/').at(-1));
  expect(parts.sort()).toEqual(expected.sort());
});

it('logs no query string, no header and no body, because they hold tokens', () => {
  const [stage] = resourcesOf(template, 'AWS::ApiGateway::Stage');
  const { AccessLogSetting, MethodSettings } = stage![1].Properties as {
    AccessLogSetting: { Format: string };
    MethodSettings: object[];
  };
  const fields = Object.values<string>(JSON.parse(AccessLogSetting.Format)).sort();
  expect(fields).toEqual([
    '$context.error.responseType',
    '$context.extendedRequestId',
    '$context.httpMethod',
    '$context.identity.sourceIp',
    '$context.identity.userAgent',
    '$context.integrationLatency',
    '$context.integrationStatus',
    '$context.requestId',
    '$context.requestTime',
    '$context.resourcePath',
    '$context.responseLatency',
    '$context.status',
  ]);
  expect(MethodSettings).toEqual([
    { HttpMethod: '*', ResourcePath: '/*', DataTraceEnabled: false, LoggingLevel: 'ERROR', MetricsEnabled: true },
  ]);
});
