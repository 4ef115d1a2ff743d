import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { cbor } from '@smithy/core/cbor';
import { EventBridge } from '../src/eventbridge/event-bridge';
import { createEventBridgeService } from '../src/eventbridge/eventbridge-service';
import { type FrontDoor, startFrontDoor } from '../src/front-door';
import { Buckets, createS3Service } from '../src/s3/s3-service';
import { Queues } from '../src/sqs/queues';
import { createSqsService } from '../src/sqs/sqs-service';
import { send } from './api-gateway/http';
import { clientConfig } from './local-aws';

const HERE = 'It has: events, s3, sqs.';

let door: FrontDoor;
beforeAll(async () => {
  const services = [
    createSqsService(new Queues(), 'http://127.0.0.1'),
    createEventBridgeService(new EventBridge({ deliverers: {} })),
  ];
  door = await startFrontDoor({ port: 0, services, s3: createS3Service(new Buckets()) });
});
afterAll(() => door.close());

const signature = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIA/20261130/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
const FORM = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];

describe('a service that is not here is named to its own client', () => {
  it('of the Query protocol', async () => {
    const asked = new CloudFormationClient(clientConfig(door)).send(new DescribeStacksCommand({}));
    await expect(asked).rejects.toThrow(`The local cloud has no cloudformation: it is not emulated. ${HERE}`);
    const token = new STSClient(clientConfig(door)).send(new GetSessionTokenCommand({}));
    await expect(token).rejects.toThrow('The local cloud has no sts');
  });

  it('of a REST protocol', async () => {
    const asked = new LambdaClient(clientConfig(door)).send(new ListFunctionsCommand({}));
    await expect(asked).rejects.toThrow(/The local cloud's Lambda has no GET \/2015-03-31\/functions/);
    const unsigned = await send(`${door.url}/2015-03-31/functions/`, 'GET', { headers: [] });
    expect(unsigned.body.toString()).toContain("The local cloud's Lambda has no GET /2015-03-31/functions");
    const headers = ['Authorization', signature('schemas')];
    const answer = await send(`${door.url}/v1/registries`, 'GET', { headers });
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([400, 'UnknownOperationException']);
    expect(JSON.parse(answer.body.toString()).message).toBe(
      `The local cloud has no schemas: it is not emulated. ${HERE}`,
    );
  });

  it('of CBOR', async () => {
    const headers = ['Authorization', signature('monitoring'), 'smithy-protocol', 'rpc-v2-cbor'];
    const answer = await send(`${door.url}/service/Granite/operation/ListMetrics`, 'POST', { headers });
    expect(cbor.deserialize(answer.body)).toEqual({
      __type: 'UnknownOperationException',
      message: `The local cloud has no monitoring: it is not emulated. ${HERE}`,
    });
  });
});

describe('an older client is told which one it needs', () => {
  it.each([
    ['that signs', 'POST', '/', ['Authorization', signature('sqs')], 'Action=ListQueues&Version=2012-11-05'],
    ['without a signature', 'POST', '/000000000000/q', [], 'Action=SendMessage&Version=2012-11-05&MessageBody=x'],
    ['by GET', 'GET', '/?Action=ListQueues&Version=2012-11-05', [], ''],
  ])('of SQS, %s', async (_what, method, path, headers, body) => {
    const more = method === 'POST' ? { headers: [...headers, ...FORM], body } : { headers };
    const answer = await send(door.url + path, method, more);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'text/xml']);
    expect(answer.body.toString()).toMatch(
      /<ErrorResponse><Error><Type>Sender<\/Type><Code>InvalidAction<\/Code><Message>.*for sqs.*Use AWS CLI 2\.14.*<\/Message>/,
    );
  });

  it('of another service that is here', async () => {
    const body = 'Action=ListRules&Version=2015-10-07';
    const headers = [...FORM, 'Authorization', signature('events')];
    const answer = await send(door.url, 'POST', { headers, body });
    expect(answer.body.toString()).toMatch(/Query protocol of ListRules for events.*Use the newest AWS CLI 2/);
  });

  it('that speaks CBOR', async () => {
    const headers = ['Authorization', signature('sqs'), 'smithy-protocol', 'rpc-v2-cbor'];
    const answer = await send(`${door.url}/service/AmazonSQS/operation/ListQueues`, 'POST', { headers });
    expect((cbor.deserialize(answer.body) as { message: string }).message).toContain(
      "speaks AWS's JSON protocol for sqs",
    );
  });
});
