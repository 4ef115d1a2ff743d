/** Message attributes: what AWS asks of their names, types and values. */

/** A message attribute as it stands in the JSON of the SQS API; binary in base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional label after a dot. */
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_ATTRIBUTES = 10;
const MAX_NAME_CHARACTERS = 256;
const MAX_NUMBER_DIGITS = 38;

/** XML 1.0's characters; SQS refuses all others, unpaired surrogates too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: tab and line ends are among the characters that AWS allows.
const FORBIDDEN_CHARACTERS = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Whether SQS takes every character of a body or of an attribute's text. */
export const isAllowedText = (text: string): boolean => text.search(FORBIDDEN_CHARACTERS) < 0;

/** A text that SQS takes: each character that it would refuse becomes U+FFFD. */
export const asAllowedText = (text: string): string => text.replace(FORBIDDEN_CHARACTERS, '\uFFFD');

/** The value's bytes, as they count against the limits and as they are hashed. */
export function attributeValue(attribute: MessageAttribute): Buffer {
  return isBinary(attribute)
    ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
    : Buffer.from(attribute.StringValue ?? '');
}

export function isBinary({ DataType }: MessageAttribute): boolean {
  return DataType.startsWith('Binary');
}

/** What AWS would refuse about message attributes; nothing when it takes them. */
export function attributeComplaints(attributes: MessageAttributes): string[] {
  const names = Object.keys(attributes);
  return [
    names.length > MAX_ATTRIBUTES && `A message has at most ${MAX_ATTRIBUTES} attributes`,
    ...names.map((name) => nameComplaint(name) ?? valueComplaint(name, attributes[name]!)),
  ].filter((complaint) => typeof complaint === 'string');
}

function nameComplaint(name: string): string | undefined {
  // AWS takes letters with accents too, though its documentation names A-Z and a-z only.
  if (name.length > MAX_NAME_CHARACTERS || !/^[\p{L}\d_.-]+$/u.test(name)) {
    return `The name of message attribute '${name}' must have 1 to ${MAX_NAME_CHARACTERS} letters, digits and _ - .`;
  }
  if (/^\.|\.\.|\.$/.test(name)) {
    return `The name of message attribute '${name}' must not begin or end with a period, or have two in a row`;
  }
  return /^(aws|amazon)\./i.test(name)
    ? `The name of message attribute '${name}' is reserved: it must not begin with AWS. or Amazon.`
    : undefined;
}

function valueComplaint(name: string, attribute: MessageAttribute): string | undefined {
  const { DataType: type, StringValue: text = '' } = attribute;
  if (type.length > MAX_NAME_CHARACTERS || !/^(String|Number|Binary)(\..+)?$/.test(type)) {
    return `The type of message attribute '${name}' must be String, Number or Binary`;
  }
  if (attributeValue(attribute).length === 0) return `Message attribute '${name}' has no value of type ${type}`;
  if (isBinary(attribute)) return undefined;
  if (!isAllowedText(text)) return `Message attribute '${name}' has characters that SQS does not take`;
  return type.startsWith('Number') && !isNumber(text) ? `Message attribute '${name}' is not a number` : undefined;
}

/** SQS takes 38 digits, from 10^-128 to 10^126. */
function isNumber(text: string): boolean {
  const [, digits] = /^[+-]?(\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.exec(text) ?? [];
  const significant = digits?.replace('.', '').replace(/^0+|0+$/g, '');
  if (significant === undefined || significant.length > MAX_NUMBER_DIGITS) return false;
  const size = Math.abs(Number(text));
  return significant === '' || (size >= 1e-128 && size <= 1e126);
}
