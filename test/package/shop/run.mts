/** Runs the shop, asks for a price, and prints what became of it. */
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type StartFake, type Step, startLocalCloud } from '@meetbus/local-cloud';

const prices: StartFake = ({ secret }) => ({ environment: { PRICE: secret('shop/price', () => '42') } });
const steps: Step['kind'][] = [];
const cloud = await startLocalCloud({
  cdkOut: 'cdk.out',
  port: 0,
  awsPort: 0,
  fakes: [prices],
  onStep: ({ kind }) => steps.push(kind),
});
const response = await fetch(`${cloud.apiUrl}prices/tea`);
const answer = `${response.status} ${await response.text()}`;
const sqs = new SQSClient({
  endpoint: cloud.awsUrl,
  region: 'us-east-1',
  credentials: { accessKeyId: 'shop', secretAccessKey: 'local' },
});
const QueueUrl = String(cloud.outputs.Shop?.AskedUrl);
const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
sqs.destroy();
await cloud.close();
console.log(JSON.stringify({ answer, asked: Messages.map(({ Body }) => Body), steps }));
