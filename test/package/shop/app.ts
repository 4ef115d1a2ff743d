/** A CDK app without Meetbus: an API whose function answers a price, and puts what was asked for on a queue. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Shop');
const asked = new Queue(stack, 'Asked');
const pricer = new LambdaFunction(stack, 'Pricer', {
  code: Code.fromAsset('pricer'),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_22_X,
  environment: { ASKED: asked.queueUrl, PRICE: 'nobody knows' },
});
asked.grantSendMessages(pricer);
const prices = new RestApi(stack, 'Prices').root.addResource('prices').addResource('{item}');
prices.addMethod('GET', new LambdaIntegration(pricer));
new CfnOutput(stack, 'AskedUrl', { value: asked.queueUrl });
app.synth();
