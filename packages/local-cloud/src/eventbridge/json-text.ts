/**
 * JSON read from its text. What EventBridge delivers is cut out of the text that was put: parsing and serialising again
 * would change numbers beyond 2^53.
 */

/**
 * Parses JSON for comparing, not for delivering: an integer that a double cannot hold becomes a `bigint`, so that two
 * neighbouring ids never count as equal.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, ((_key: string, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source ?? '';
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  }) as (key: string, value: unknown) => unknown);
}

/** How deep objects and arrays nest in a JSON text: 0 for a scalar, 1 for `{}`. */
export function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}

/** A step of a path: a member's name, an array index, or `*` for every member or element. */
export type PathStep = { readonly name: string } | { readonly index: number } | '*';

const STEP = /\.(?:(\*)|([\w/-]+))|\[(?:(\*)|(\d+))\]/y;

/**
 * Reads a JSON path as EventBridge takes it: `$`, then `.name`, `[0]`, `.*` or `[*]`.
 *
 * @returns the steps, or `undefined` when the path is not of that form
 */
export function parsePath(path: string): PathStep[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: PathStep[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const [match, , name, , index] = STEP.exec(path) ?? [];
    if (match === undefined) return undefined;
    if (name !== undefined) steps.push({ name });
    else steps.push(index === undefined ? '*' : { index: Number(index) });
  }
  return steps;
}

/**
 * The text of the value at a path, exactly as it stands in `text`; with `*`, an array of such texts.
 *
 * @param text valid JSON
 * @returns `undefined` when nothing is there
 */
export function textAt(text: string, steps: readonly PathStep[]): string | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return text.trim();
  const children = childrenOf(text);
  if (step === '*') {
    const found = children.map((child) => textAt(child.text, rest)).filter((value) => value !== undefined);
    return `[${found.join(',')}]`;
  }
  const child =
    'name' in step ? children.findLast(({ key }) => key === step.name) : children.find(({ key }) => key === step.index);
  return child && textAt(child.text, rest);
}

interface Child {
  readonly key: string | number;
  readonly text: string;
}

function childrenOf(text: string): Child[] {
  const children: Child[] = [];
  let at = skipSpace(text, 0);
  const isObject = text[at] === '{';
  if (!isObject && text[at] !== '[') return children;
  at = skipSpace(text, at + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    let key: string | number = children.length;
    if (isObject) {
      const end = stringEnd(text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    const end = valueEnd(text, at);
    children.push({ key, text: text.slice(at, end) });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return children;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  return at;
}

/** Index after the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Index after the value that begins at `start`. */
function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (depth === 0 && at > start && ',]} \t\n\r'.includes(char)) return at;
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}
