/** The rule of a composite alarm, such as `ALARM("slow") AND NOT (OK("busy") OR ALARM("down"))`. */

/** The states of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** Whether the rule holds, given the state of an alarm by its name. */
export type AlarmRule = (stateOf: (alarmName: string) => AlarmState) => boolean;

const TOKEN =
  /\s*(\(|\)|AND\b|OR\b|NOT\b|TRUE\b|FALSE\b|(ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]*)"|([^)\s]*))\s*\))/y;

/** @throws Error that says where the rule cannot be read */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens: RegExpExecArray[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`the alarm rule cannot be read at "${text.slice(at).trim().slice(0, 40)}".`);
    tokens.push(match);
  }
  const accept = (word: string): boolean => {
    if (tokens[0]?.[1] !== word) return false;
    tokens.shift();
    return true;
  };
  const either = (): AlarmRule => {
    const rules = [both()];
    while (accept('OR')) rules.push(both());
    return (stateOf) => rules.some((rule) => rule(stateOf));
  };
  const both = (): AlarmRule => {
    const rules = [one()];
    while (accept('AND')) rules.push(one());
    return (stateOf) => rules.every((rule) => rule(stateOf));
  };
  const one = (): AlarmRule => {
    if (accept('NOT')) {
      const rule = one();
      return (stateOf) => !rule(stateOf);
    }
    if (accept('(')) {
      const rule = either();
      if (!accept(')')) throw new Error('the alarm rule lacks a closing parenthesis.');
      return rule;
    }
    return simpleRule(tokens.shift());
  };
  const rule = either();
  if (tokens.length > 0) throw new Error(`the alarm rule goes on where it should end, at "${tokens[0]?.[1]}".`);
  return rule;
}

function simpleRule(token: RegExpExecArray | undefined): AlarmRule {
  const [, word = 'its end', state, quoted, bare] = token ?? [];
  if (word === 'TRUE' || word === 'FALSE') return () => word === 'TRUE';
  if (state === undefined) throw new Error(`the alarm rule cannot be read at "${word}".`);
  const name = alarmNameOf(quoted ?? bare ?? '');
  return (stateOf) => stateOf(name) === state;
}

/** An alarm may be given by its ARN. */
const alarmNameOf = (nameOrArn: string): string => nameOrArn.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, '');
