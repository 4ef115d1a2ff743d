import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTemplate } from '../../src/template/assembly';
import { type ResolvedStack, resolveTemplate } from '../../src/template/stack';

/** A cloud assembly in a temporary folder. */
export interface Assembly {
  readonly folder: string;
  resolve(endpoint?: string): ResolvedStack;
  remove(): void;
}

/**
 * Writes a cloud assembly with one stack, as `cdk synth` lays it out.
 *
 * @param code source of `index.js` by asset hash
 */
export function writeAssembly(
  template: object,
  code: Readonly<Record<string, string>> = {},
  stackName = 'Calls',
): Assembly {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-assembly-'));
  const files = Object.entries(code).map(([hash, source]) => {
    mkdirSync(join(folder, `asset.${hash}`));
    writeFileSync(join(folder, `asset.${hash}`, 'index.js'), source);
    const destinations = { 'current_account-current_region': { bucketName: 'assets', objectKey: `${hash}.zip` } };
    return [hash, { source: { path: `asset.${hash}`, packaging: 'zip' }, destinations }];
  });
  const templateFile = `${stackName}.template.json`;
  const artifacts = { [stackName]: { type: 'aws:cloudformation:stack', properties: { templateFile } } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  writeFileSync(join(folder, templateFile), JSON.stringify(template));
  writeFileSync(join(folder, `${stackName}.assets.json`), JSON.stringify({ files: Object.fromEntries(files) }));
  return {
    folder,
    resolve: (endpoint = 'http://127.0.0.1:4566') => resolveTemplate(loadTemplate(folder, stackName), { endpoint }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The URL of an API as CDK spells it in an output. */
export const invokeUrl = (api: string, stage: string, path = '') => ({
  'Fn::Join': [
    '',
    [
      'https://',
      { Ref: api },
      '.execute-api.',
      { Ref: 'AWS::Region' },
      '.',
      { Ref: 'AWS::URLSuffix' },
      '/',
      { Ref: stage },
      `/${path}`,
    ],
  ],
});

/** A method with a Lambda proxy integration, as CDK spells it. */
export const proxyMethod = (httpMethod: string, resourceId: object, functionId: string, timeoutInMillis?: number) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    HttpMethod: httpMethod,
    ResourceId: resourceId,
    RestApiId: { Ref: 'Api' },
    AuthorizationType: 'NONE',
    Integration: {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      ...(timeoutInMillis !== undefined && { TimeoutInMillis: timeoutInMillis }),
      Uri: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':apigateway:us-east-1:lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': [functionId, 'Arn'] },
            '/invocations',
          ],
        ],
      },
    },
  },
});
