import { readFaultPlan } from '@meetbus/local-cloud/faults/fault-rules';
import { type FaultRule, isOn, READY_FAULTS, switched } from '../../../bin/local/ready-faults';

it.each(READY_FAULTS)('$name is a plan that the local cloud takes, under a name of its own', ({ name, rules }) => {
  expect(readFaultPlan({ faults: rules }, () => ['PutEvents', 'SendMessage']).faults).toHaveLength(rules.length);
  expect(READY_FAULTS.filter((fault) => fault.name === name)).toHaveLength(1);
});

it('switches each on and off, and leaves other rules alone', () => {
  const own: FaultRule = { service: 's3', fault: 'slow', milliseconds: 5 };
  let plan: readonly FaultRule[] = [own];
  for (const fault of READY_FAULTS) {
    expect(isOn(fault, plan)).toBe(false);
    plan = switched(fault, true, plan);
    expect(isOn(fault, plan)).toBe(true);
    expect(switched(fault, true, plan)).toHaveLength(plan.length);
  }
  for (const fault of READY_FAULTS) {
    plan = switched(fault, false, plan);
    expect(isOn(fault, plan)).toBe(false);
  }
  expect(plan).toEqual([own]);
});

it('finds a fault whose rule has its members in another order', () => {
  const [fault] = READY_FAULTS.filter(({ name }) => name === 'bus-refuses');
  expect(isOn(fault!, [{ fault: 'error', operation: 'PutEvents', service: 'events' }])).toBe(true);
});
