const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');

exports.handler = async ({ pathParameters: { item } }) => {
  const { ASKED: QueueUrl, PRICE } = process.env;
  await new SQSClient().send(new SendMessageCommand({ QueueUrl, MessageBody: item }));
  return { statusCode: 200, body: `${item}: ${PRICE}` };
};
