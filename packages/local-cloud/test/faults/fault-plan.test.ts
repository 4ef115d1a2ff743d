import { FaultPlan, type PlannedCall } from '../../src/faults/fault-plan';
import { type FaultPlanInput, type FaultRule, readFaultPlan } from '../../src/faults/fault-rules';

const putItem: PlannedCall = { service: 'dynamodb', operation: 'PutItem', functionName: 'Shop-OrderConsumer1A2B' };
const sendMessage: PlannedCall = { service: 'sqs', operation: 'SendMessage', functionName: 'Shop-PaymentReceiver' };
const planOf = (faults: readonly FaultRule[], seed = 7) => new FaultPlan({ seed, faults: [...faults] });
const faultsOf = (plan: FaultPlan, calls: readonly PlannedCall[]) => calls.map((call) => plan.next(call)?.fault);
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('a rule', () => {
  it('befalls every call that it matches, and no other', () => {
    const plan = planOf([
      { service: 'dynamodb', operation: 'PutItem', fault: 'throttle', functionName: 'OrderConsumer' },
    ]);
    const others = [
      { ...putItem, operation: 'GetItem' },
      { ...putItem, functionName: 'Shop-InvoiceConsumer' },
      { ...sendMessage, operation: 'PutItem', functionName: putItem.functionName },
    ];

    expect(faultsOf(plan, times(3, putItem))).toEqual(['throttle', 'throttle', 'throttle']);
    expect(faultsOf(plan, others)).toEqual([undefined, undefined, undefined]);
    expect(plan.injected).toEqual({ 'dynamodb.PutItem.throttle': 3 });
  });

  it('with a count befalls the next calls, and then the rule after it has its turn', () => {
    const plan = planOf([
      { service: 'sqs', fault: 'down', count: 2 },
      { service: 'sqs', fault: 'error' },
    ]);

    expect(faultsOf(plan, [sendMessage, putItem, sendMessage, sendMessage])).toEqual([
      'down',
      undefined,
      'down',
      'error',
    ]);
    expect(plan.injected).toEqual({ 'sqs.SendMessage.down': 2, 'sqs.SendMessage.error': 1 });
  });

  it.each([0, 0.01, 0.3, 1])('with the rate %d befalls about that share of the calls', (rate) => {
    const plan = planOf([{ service: 'dynamodb', fault: 'error', rate }]);
    const hits = faultsOf(plan, times(10_000, putItem)).filter(Boolean).length;

    // Six standard deviations of a binomial distribution: never met by chance.
    expect(Math.abs(hits - 10_000 * rate)).toBeLessThanOrEqual(6 * Math.sqrt(10_000 * rate * (1 - rate)));
  });

  it.each(['duplicate', 'fail_entries'] as const)('%s befalls only the calls that it is made for', (fault) => {
    const service = fault === 'duplicate' ? 'sqs' : 'events';
    const plan = planOf([{ service, fault }]);
    const operations = ['SendMessage', 'SendMessageBatch', 'DeleteMessage', 'PutEvents', 'PutRule'];
    const hit = operations.filter((operation) => plan.next({ service, operation, functionName: 'f' }));

    expect(hit).toEqual(fault === 'duplicate' ? ['SendMessage', 'SendMessageBatch'] : ['PutEvents']);
  });

  it('to redeliver is for mappings, and no other rule is', () => {
    const plan = planOf([
      { service: 'sqs', fault: 'error' },
      { service: 'sqs', fault: 'redeliver', count: 1 },
    ]);

    expect(plan.redelivers('f')).toBe(true);
    expect(plan.redelivers('f')).toBe(false);
    expect(planOf([{ service: 'sqs', fault: 'redeliver' }]).next({ ...sendMessage, operation: 'DeleteMessage' })).toBe(
      undefined,
    );
  });
});

describe('the same seed', () => {
  const rules: FaultRule[] = [
    { service: 'dynamodb', fault: 'throttle', rate: 0.3 },
    { service: 'dynamodb', fault: 'slow', milliseconds: 5, rate: 0.5 },
    { service: 'sqs', fault: 'down', rate: 0.5 },
  ];
  const calls = Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? sendMessage : putItem));

  it('and the same calls give the same faults', () => {
    expect(faultsOf(planOf(rules), calls)).toEqual(faultsOf(planOf(rules), calls));
  });

  it('gives a rule the same faults whatever the calls that it does not match', () => {
    const alone = faultsOf(
      planOf(rules),
      calls.filter((call) => call === putItem),
    );
    const among = faultsOf(planOf(rules), calls).filter((_, index) => calls[index] === putItem);

    expect(among).toEqual(alone);
  });

  it('gives the same random numbers to the fault itself', () => {
    const numbers = () => {
      const { random } = planOf([{ service: 'sqs', fault: 'error' }]).next(sendMessage)!;
      return [random(), random()];
    };

    expect(numbers()).toEqual(numbers());
  });

  it('is what decides: another one gives others', () => {
    expect(faultsOf(planOf(rules, 8), calls)).not.toEqual(faultsOf(planOf(rules, 7), calls));
  });
});

it.each<[string, FaultRule, boolean]>([
  ['always', { service: 'sqs', fault: 'down' }, true],
  ['for that function', { service: 'sqs', fault: 'down', functionName: 'OrderConsumer' }, true],
  ['for another function', { service: 'sqs', fault: 'down', functionName: 'Invoice' }, false],
  ['at a rate', { service: 'sqs', fault: 'down', rate: 1 }, false],
  ['for some calls', { service: 'sqs', fault: 'down', count: 9 }, false],
  ['for one operation', { service: 'sqs', fault: 'down', operation: 'SendMessage' }, false],
  ['in another service', { service: 'dynamodb', fault: 'down' }, false],
  ['by an error', { service: 'sqs', fault: 'error' }, false],
])('down %s: whether a mapping cannot receive', (_, rule, isDown) => {
  const plan = planOf([rule]);

  expect(plan.isReceivingDown(putItem.functionName)).toBe(isDown);
  expect(plan.injected).toEqual(isDown ? { 'sqs.ReceiveMessage.down': 1 } : {});
});

describe('a plan', () => {
  const operationsOf = (service: string) => (service === 'sqs' ? ['SendMessage', 'ReceiveMessage'] : ['PutItem']);
  const reading = (input: unknown) => () => readFaultPlan(input, operationsOf);
  const rule = { service: 'sqs', fault: 'down' };

  it('is taken as it is when it is right', () => {
    const plan: FaultPlanInput = {
      seed: 4_294_967_295,
      faults: [{ service: 'sqs', operation: 'SendMessage', fault: 'slow', milliseconds: 10, rate: 0.5 }],
    };

    expect(readFaultPlan(plan, operationsOf)).toEqual(plan);
  });

  it.each([
    ['a service that is not there', { ...rule, service: 'sns' }, /wrong: faults\[0\]\.service: .*"sqs"/],
    ['a fault that is not there', { ...rule, fault: 'explode' }, /wrong: faults\[0\]\.fault: .*"throttle"/],
    [
      'an operation that is not there',
      { ...rule, operation: 'Send' },
      /wrong: faults\[0\]\.operation: sqs has no Send\. It has: Re/,
    ],
    ['a rate over 1', { ...rule, rate: 1.1 }, /wrong: faults\[0\]\.rate: /],
    ['a count of 0', { ...rule, count: 0 }, /wrong: faults\[0\]\.count: /],
    ['rate and count', { ...rule, rate: 1, count: 1 }, /wrong: faults\[0\]: give rate or count, not both\.$/],
    ['a misspelt member', { ...rule, rat: 1 }, /wrong: faults\[0\]: .*"rat"/],
    ['slow without its time', { ...rule, fault: 'slow' }, /slow needs milliseconds/],
    ['a time without slow', { ...rule, milliseconds: 1 }, /milliseconds is for slow only/],
    ['duplicate elsewhere', { service: 's3', fault: 'duplicate' }, /duplicate is for sqs only/],
    [
      'duplicate of what sends nothing',
      { ...rule, fault: 'duplicate', operation: 'ReceiveMessage' },
      /duplicate is for Send/,
    ],
  ])('is refused with %s', (_, faulty, message) => {
    expect(reading({ faults: [faulty] })).toThrow(expect.objectContaining({ name: 'FaultPlanError' }));
    expect(reading({ faults: [faulty] })).toThrow(message);
  });

  it.each([
    ['no object', [rule], /expected object/],
    ['no rules', {}, /wrong: faults: /],
    ['a seed that is no number', { seed: 'x', faults: [] }, /wrong: seed: /],
  ])('is refused when it is %s', (_, plan, message) => {
    expect(reading(plan)).toThrow(message);
  });
});
