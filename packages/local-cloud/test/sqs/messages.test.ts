import { createHash } from 'node:crypto';
import * as sqs from '@aws-sdk/client-sqs';
import { useSqs } from './use-sqs';

const MIB = 1_048_576;

const aws = useSqs();
const { pass, sendBody, receive, attributes } = aws;

describe('messages', () => {
  // The SDK itself compares the MD5 of the body.
  it('carries body, attributes and system attributes', async () => {
    const sent = await sendBody('grüße 🎈', {
      MessageAttributes: {
        provider: { DataType: 'String', StringValue: 'payments' },
        digest: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 1]) },
        size: { DataType: 'Number.bytes', StringValue: '12' },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
      MessageGroupId: 'bot-1',
    });
    pass(2);

    const [message] = await receive({ MessageAttributeNames: ['All'] });

    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'grüße 🎈',
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      Attributes: {
        SenderId: 'AKIALOCALTEST',
        SentTimestamp: '1800000000000',
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: '1800000002000',
        MessageGroupId: 'bot-1',
        AWSTraceHeader: 'Root=1-2-3',
      },
    });
    expect(message!.MessageAttributes!.provider).toEqual({ DataType: 'String', StringValue: 'payments' });
    expect([...message!.MessageAttributes!.digest!.BinaryValue!]).toEqual([0, 255, 1]);
  });

  it('computes the MD5 of attributes as the developer guide says', async () => {
    const sent = await sendBody('x', { MessageAttributes: { a: { DataType: 'String', StringValue: 'bc' } } });
    const encoded = Buffer.from('\0\0\0\x01a\0\0\0\x06String\x01\0\0\0\x02bc', 'latin1');
    expect(sent.MD5OfMessageAttributes).toBe(createHash('md5').update(encoded).digest('hex'));
  });

  it.each([
    ['none by default', {}, []],
    ['by name', { MessageAttributeNames: ['meeting.id'] }, ['meeting.id']],
    ['by prefix', { MessageAttributeNames: ['meeting.*'] }, ['meeting.id', 'meeting.title']],
    ['all', { MessageAttributeNames: ['.*'] }, ['bot', 'meeting.id', 'meeting.title']],
  ])('gives message attributes: %s', async (_case, input, names) => {
    const text = { DataType: 'String', StringValue: 'x' };
    await sendBody('x', { MessageAttributes: { bot: text, 'meeting.id': text, 'meeting.title': text } });
    const [message] = await receive(input);
    expect(Object.keys(message!.MessageAttributes ?? {}).sort()).toEqual(names);
  });

  it('gives no system attributes unasked', async () => {
    await sendBody('x');
    const [message] = await receive({ MessageSystemAttributeNames: [] });
    expect(message!.Attributes).toBeUndefined();
  });

  it('hides a delayed message until its time', async () => {
    await sendBody('later', { DelaySeconds: 10 });
    expect(await attributes()).toMatchObject({
      ApproximateNumberOfMessagesDelayed: '1',
      ApproximateNumberOfMessages: '0',
    });
    expect(await receive()).toEqual([]);
    pass(10);
    expect(await receive()).toHaveLength(1);
  });

  it('drops a message at the end of its retention', async () => {
    await aws.client.send(
      new sqs.SetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, Attributes: { MessageRetentionPeriod: '60' } }),
    );
    await sendBody('old');
    pass(59);
    expect(await attributes()).toMatchObject({ ApproximateNumberOfMessages: '1' });
    pass(1);
    expect(await attributes()).toMatchObject({ ApproximateNumberOfMessages: '0' });
    expect(await receive()).toEqual([]);
  });

  it.each([
    ['a\u0000b', 'InvalidMessageContents'],
    ['a\uFFFEb', 'InvalidMessageContents'],
    ['a\uD800b', 'InvalidMessageContents'],
    ['', 'MissingParameter'],
    ['x'.repeat(MIB + 1), 'InvalidParameterValue'],
    ['é'.repeat(MIB / 2 + 1), 'InvalidParameterValue'],
  ])('refuses a body: case %#', async (body, name) => {
    const command = JSON.stringify({ QueueUrl: aws.QueueUrl, MessageBody: body });
    const response = await fetch(aws.door.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'x-amzn-query-mode': 'true' },
      body: command,
    });
    expect([response.status, response.headers.get('x-amzn-query-error')]).toEqual([400, `${name};Sender`]);
  });

  it.each(['\t\n\r ~\u007F\u0085', '\uE000\uFFFD', '\u{10000}\u{10FFFF}', 'x'.repeat(MIB)])(
    'accepts a body at the edge of what is allowed: case %#',
    async (body) => {
      await sendBody(body);
      expect((await receive())[0]!.Body === body).toBe(true);
    },
  );

  const text = (StringValue = 'x', DataType = 'String') => ({ DataType, StringValue });

  it.each<[what: string, attributes: Record<string, sqs.MessageAttributeValue>, message: RegExp]>([
    ['a reserved prefix', { 'AWS.id': text() }, /'AWS\.id' is reserved/],
    ['the other reserved prefix, in any case', { 'aMaZoN.id': text() }, /'aMaZoN\.id' is reserved/],
    ['a period first', { '.id': text() }, /begin or end with a period/],
    ['a period last', { 'id.': text() }, /begin or end with a period/],
    ['two periods', { 'a..b': text() }, /two in a row/],
    ['257 characters', { ['n'.repeat(257)]: text() }, /1 to 256 letters/],
    ['no name', { '': text() }, /1 to 256 letters/],
    ['other characters', { 'a b': text() }, /letters, digits and _ - \./],
    ['text for a number', { id: text('abc', 'Number') }, /'id' is not a number/],
    ['a hexadecimal number', { id: text('0x1F', 'Number.hex') }, /'id' is not a number/],
    ['a number with a blank', { id: text('1 ', 'Number') }, /'id' is not a number/],
    ['a number of 39 digits', { id: text(`1.${'2'.repeat(38)}`, 'Number') }, /'id' is not a number/],
    ['a number too large', { id: text('1e127', 'Number') }, /'id' is not a number/],
    ['control characters', { id: text('a\u0008') }, /characters that SQS does not take/],
    ['another type', { id: text('x', 'string') }, /must be String, Number or Binary/],
    ['a type of 257 characters', { id: text('x', `String.${'t'.repeat(250)}`) }, /must be String, Number or Binary/],
    ['no value', { id: text('') }, /has no value/],
    [
      'binary for a string',
      { id: { DataType: 'String', BinaryValue: Buffer.from('x') } },
      /has no value of type String/,
    ],
    ['11 attributes', Object.fromEntries([...'abcdefghijk'].map((name) => [name, text()])), /at most 10 attributes/],
  ])('refuses attributes: %s', async (_what, MessageAttributes, message) => {
    const sent = sendBody('x', { MessageAttributes });
    await expect(sent).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringMatching(message),
    });
  });

  it('accepts attributes at the edge of what is allowed', async () => {
    const MessageAttributes = {
      ['n'.repeat(256)]: text(),
      'AWSome.größe-1': text('-1.50E+3', 'Number.float'),
      a: text(`${'9'.repeat(38)}00`, 'Number'),
      b: text('.5', 'Number'),
      c: text('0', 'Number'),
    };
    await sendBody('x', { MessageAttributes });
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    expect(message!.MessageAttributes).toEqual(MessageAttributes);
  });

  it.each([
    ['a blank', { MessageGroupId: 'a b' }],
    ['nothing', { MessageGroupId: '' }],
    ['129 characters', { MessageGroupId: 'a'.repeat(129) }],
    ['letters beyond ASCII', { MessageGroupId: 'größe' }],
    ['half a second', { DelaySeconds: 1.5 }],
    ['what only a FIFO queue takes', { MessageDeduplicationId: 'a' }],
    ['an unknown system attribute', { MessageSystemAttributes: { Other: text() } as object }],
    ['a trace header that is no string', { MessageSystemAttributes: { AWSTraceHeader: text('1', 'Number') } }],
  ])('refuses other parameters: %s', async (_what, more) => {
    await expect(sendBody('x', more)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('refuses system attributes that it does not know', async () => {
    const name = 'Foo' as 'All';
    await expect(receive({ MessageSystemAttributeNames: [name] })).rejects.toBeInstanceOf(sqs.InvalidAttributeName);
    await expect(receive({ AttributeNames: [name] })).rejects.toBeInstanceOf(sqs.InvalidAttributeName);
  });

  it('counts attributes against the limit', async () => {
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(sendBody('x'.repeat(MIB), { MessageAttributes })).rejects.toThrow('attributes included');
    await expect(sendBody('x'.repeat(MIB - 8), { MessageAttributes })).resolves.toBeDefined();
  });
});

describe('batches', () => {
  const sendBatch = (Entries: sqs.SendMessageBatchRequestEntry[]) =>
    aws.client.send(new sqs.SendMessageBatchCommand({ QueueUrl: aws.QueueUrl, Entries }));

  it('sends, hides and deletes, each entry on its own', async () => {
    const sent = await sendBatch([
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: 'a\u0001b' },
      { Id: 'worse', MessageBody: 'x', MessageGroupId: 'a b' },
      { Id: 'worst', MessageBody: 'x', MessageDeduplicationId: 'a' },
    ]);
    expect(sent.Successful).toMatchObject([{ Id: 'good' }]);
    expect(sent.Failed).toMatchObject([
      { Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true },
      { Id: 'worse', Code: 'InvalidParameterValueException', SenderFault: true },
      { Id: 'worst', Code: 'InvalidParameterValueException', SenderFault: true },
    ]);

    const { ReceiptHandle } = (await receive())[0]!;
    const entry = { Id: 'good', ReceiptHandle: ReceiptHandle! };
    const bad = { Id: 'bad', ReceiptHandle: 'nonsense' };
    const changed = await aws.client.send(
      new sqs.ChangeMessageVisibilityBatchCommand({
        QueueUrl: aws.QueueUrl,
        Entries: [entry, bad].map((one) => ({ ...one, VisibilityTimeout: 90 })),
      }),
    );
    const deleted = await aws.client.send(
      new sqs.DeleteMessageBatchCommand({ QueueUrl: aws.QueueUrl, Entries: [entry, bad] }),
    );

    for (const answer of [changed, deleted]) {
      expect(answer.Successful).toEqual([{ Id: 'good' }]);
      expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    }
    expect(await attributes()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
  });

  const entries = (count: number, MessageBody = 'x') =>
    Array.from({ length: count }, (_, index) => ({ Id: `entry-${index}`, MessageBody }));

  it.each([
    ['EmptyBatchRequest', sqs.EmptyBatchRequest, []],
    ['TooManyEntriesInBatchRequest', sqs.TooManyEntriesInBatchRequest, entries(11)],
    ['BatchEntryIdsNotDistinct', sqs.BatchEntryIdsNotDistinct, [entries(1)[0]!, entries(1)[0]!]],
    ['BatchRequestTooLong', sqs.BatchRequestTooLong, entries(2, 'x'.repeat(MIB / 2 + 1))],
    ['InvalidBatchEntryId', sqs.InvalidBatchEntryId, [{ Id: 'a b', MessageBody: 'x' }]],
  ])('refuses a batch: %s', async (_name, type, batch) => {
    await expect(sendBatch(batch)).rejects.toBeInstanceOf(type);
  });

  it('accepts a batch of exactly 1 MiB', async () => {
    const sent = await sendBatch(entries(2, 'x'.repeat(MIB / 2)));
    expect(sent.Successful).toHaveLength(2);
  });
});
