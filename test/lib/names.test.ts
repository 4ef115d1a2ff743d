/** The name of a Meetbus that somebody embeds in an app of their own. */
import { NestedStack, Stack } from 'aws-cdk-lib';
import { Meetbus } from 'meetbus';
import { newTestApp } from '../support/template';

const newStack = (name: string) => new Stack(newTestApp(), name);

it('is that of the stack, unless the settings say another', () => {
  const stack = newStack('Team');
  expect(new Meetbus(stack, 'First').name).toBe('Team');
  expect(new Meetbus(stack, 'Second', { name: 'other', apiGatewayAccountRole: false }).name).toBe('other');
});

it.each<[string, (stack: Stack) => unknown, RegExp]>([
  [
    'a second one of the same name in a stack',
    (stack) => [new Meetbus(stack, 'First'), new Meetbus(stack, 'Second')],
    /^Wrong settings\. meetbus\.name: the stack has another Meetbus named T+\. Set a name\.$/,
  ],
  ['a nested stack without a name', (stack) => new Meetbus(new NestedStack(stack, 'Nested'), 'Meetbus'), /set one of/],
])('refuses %s', (_what, make, message) => {
  expect(() => make(newStack('TTT'))).toThrow(message);
});

it('refuses a stack with too long a name, and takes it once a name is set', () => {
  const stack = newStack('T'.repeat(49));
  expect(() => new Meetbus(stack, 'Wrong')).toThrow(/^Wrong settings\. meetbus\.name: set one of at most 48/);
  expect(new Meetbus(stack, 'Right', { name: 'short' }).name).toBe('short');
});
