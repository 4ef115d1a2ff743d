/** What a target receives: the event itself, or what its input settings make of it. */

import { AwsError } from '../service';
import { parsePath, textAt } from './json-text';
import { envelopeText } from './put-events';
import type { BusEvent, RuleIdentity, Target } from './types';

const PLACEHOLDER = /<([\w.-]+)>/y;

/** Variables that every template has; each is JSON text. */
const PREDEFINED: Readonly<Record<string, (event: BusEvent, rule: RuleIdentity) => string>> = {
  'aws.events.rule-arn': (_event, rule) => JSON.stringify(rule.arn),
  'aws.events.rule-name': (_event, rule) => JSON.stringify(rule.name),
  'aws.events.event.ingestion-time': (event) => JSON.stringify(new Date(event.ingestedAt).toISOString()),
  'aws.events.event': (event) => envelopeText(event, false),
  'aws.events.event.json': (event) => event.text,
};

/**
 * The text that a target receives for an event.
 *
 * In a template a variable outside quotes becomes its JSON text, so that a string brings its own quotes. Inside quotes a
 * string goes in without them. So does an object or array without its inner quotes, except in a template that is itself an
 * object: there it keeps them. A path that the event does not have leaves nothing inside quotes, and an empty string
 * outside of them.
 *
 * @param target settings that {@link inputFault} has passed
 * @throws AwsError `INVALID_JSON` where AWS delivers nothing: a template that is an object, or that has an object or array
 *   outside quotes, has to give JSON
 */
export function targetPayload(target: Target, rule: RuleIdentity, event: BusEvent): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return textAt(event.text, parsePath(target.InputPath) ?? []) ?? 'null';
  if (target.InputTransformer === undefined) return event.text;
  const { InputTemplate: template, InputPathsMap: paths = {} } = target.InputTransformer;
  let isJson = isObjectTemplate(template);
  const filled = fillTemplate(template, (name, quoted) => {
    const path = paths[name];
    const value = path === undefined ? PREDEFINED[name]?.(event, rule) : textAt(event.text, parsePath(path) ?? []);
    isJson ||= !quoted && /^[{[]/.test(value ?? '');
    return value;
  });
  if (!isJson || isValidJson(filled)) return filled;
  throw new AwsError(
    'INVALID_JSON',
    'The input transformer gives no JSON for this event. Leave objects and arrays without quotes in an object, and put text around them in quotes.',
  );
}

/** What is wrong with a target's input settings, or `undefined`. */
export function inputFault(target: Target): string | undefined {
  const { Input: input, InputPath: path, InputTransformer: transformer } = target;
  if ([input, path, transformer].filter((setting) => setting !== undefined).length > 1) {
    return 'Only one of Input, InputPath, or InputTransformer can be provided';
  }
  if (input !== undefined && !isValidJson(input)) return 'Input is not valid JSON text; put a string in quotes';
  if (path !== undefined && !parsePath(path)) return `InputPath ${path} is not a path such as $.detail.bot.id`;
  return transformer && transformerFault(transformer.InputTemplate, transformer.InputPathsMap ?? {});
}

const MAX_TEMPLATE_CHARACTERS = 8_192;
const MAX_PATHS = 100;

function transformerFault(template: string, paths: Readonly<Record<string, string>>): string | undefined {
  if (template === '' || template.length > MAX_TEMPLATE_CHARACTERS) {
    return `InputTemplate must have 1 to ${MAX_TEMPLATE_CHARACTERS} characters, not ${template.length}`;
  }
  if (Object.keys(paths).length > MAX_PATHS) return `InputPathsMap may have at most ${MAX_PATHS} variables`;
  for (const [name, path] of Object.entries(paths)) {
    if (name.startsWith('aws.events.')) return `InputPathsMap cannot name a variable ${name}: the name is reserved`;
    if (!/^[\w-]{1,256}$/.test(name))
      return `InputPathsMap names a variable ${name}: a name has letters, digits, _ and -`;
    if (!parsePath(path)) return `${path} of InputPathsMap is not a path such as $.detail.bot.id`;
  }
  const unknown = new Set<string>();
  fillTemplate(template, (name) => {
    if (!Object.hasOwn(paths, name) && !Object.hasOwn(PREDEFINED, name)) unknown.add(name);
    return undefined;
  });
  if (unknown.size > 0) {
    return `InputTemplate contains placeholder <${[...unknown].join('>, <')}> that InputPathsMap does not define`;
  }
  const isBroken = isObjectTemplate(template) && !isValidJson(fillTemplate(template, () => 'null'));
  return isBroken ? 'InputTemplate begins as an object, but is not JSON with values for its placeholders' : undefined;
}

function fillTemplate(template: string, variable: (name: string, quoted: boolean) => string | undefined): string {
  const stripped = isObjectTemplate(template) ? withoutOuterQuotes : withoutQuotes;
  let filled = '';
  let quoted = false;
  for (let at = 0; at < template.length; at++) {
    const char = template[at]!;
    PLACEHOLDER.lastIndex = at;
    const [placeholder, name] = (char === '<' && PLACEHOLDER.exec(template)) || [];
    if (placeholder !== undefined) {
      const value = variable(name!, quoted);
      filled += quoted ? stripped(value ?? '') : (value ?? '""');
      at += placeholder.length - 1;
    } else {
      filled += char;
      if (char === '"') quoted = !quoted;
      else if (char === '\\' && quoted) filled += template[++at] ?? '';
    }
  }
  return filled;
}

function withoutOuterQuotes(json: string): string {
  return json.startsWith('"') ? json.slice(1, -1) : json;
}

function withoutQuotes(json: string): string {
  return json.startsWith('"') ? withoutOuterQuotes(json) : json.replaceAll('"', '');
}

/** AWS tells templates that are JSON from those that are text by how they begin. */
function isObjectTemplate(template: string): boolean {
  return template.trimStart().startsWith('{');
}

function isValidJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
