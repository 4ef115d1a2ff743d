/** Parses metric math, such as `IF(FILL(m1, 0) > 10, 100 * m2 / m1, 0)`. */
import { AwsError } from '../service';

/** A parsed expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly items: readonly Expression[] };

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|'([^']*)'|"([^"]*)"|(\w+)|(&&|\|\||[=!<>]=|[-+*/^<>()[\],]))/y;

type Token = readonly [kind: 'number' | 'text' | 'name' | 'operator' | 'end', text: string];

/** Binary operators, those that bind least first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/** @throws AwsError `ValidationError` that says where the expression cannot be read */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.binary(0);
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(private readonly text: string) {
    this.#tokens = tokensOf(text);
  }

  binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (let found = this.#accept(operators); found; found = this.#accept(operators)) {
      left = { kind: 'call', name: SPELLINGS[found] ?? found, items: [left, this.binary(level + 1)] };
    }
    return left;
  }

  unary(): Expression {
    if (!this.#accept(['-'])) return this.primary();
    return { kind: 'call', name: '-', items: [{ kind: 'number', value: 0 }, this.unary()] };
  }

  primary(): Expression {
    const [kind, text] = this.#next();
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind === 'text') return { kind, value: text };
    if (text === '[') return { kind: 'list', items: this.#itemsUntil(']') };
    if (text === '(') {
      const inner = this.binary(0);
      this.#expect(')');
      return inner;
    }
    if (kind !== 'name') throw this.#unreadable(text);
    return this.#accept(['(']) ? { kind: 'call', name: text, items: this.#itemsUntil(')') } : { kind, name: text };
  }

  expectEnd(): void {
    const [kind, text] = this.#next();
    if (kind !== 'end') throw this.#unreadable(text);
  }

  #itemsUntil(end: string): Expression[] {
    const items: Expression[] = [];
    if (this.#accept([end])) return items;
    do items.push(this.binary(0));
    while (this.#accept([',']));
    this.#expect(end);
    return items;
  }

  #next(): Token {
    return this.#tokens[this.#at++] ?? ['end', ''];
  }

  #accept(texts: readonly string[]): string | undefined {
    const [kind, text] = this.#tokens[this.#at] ?? ['end', ''];
    if (kind === 'text' || !texts.includes(text)) return undefined;
    this.#at += 1;
    return text;
  }

  #expect(text: string): void {
    if (this.#accept([text]) === undefined) throw this.#unreadable(this.#next()[1], text);
  }

  #unreadable(found: string, wanted?: string): AwsError {
    const where = found === '' ? 'its end' : `"${found}"`;
    return invalid(this.text, wanted === undefined ? `at ${where}` : `at ${where}, where "${wanted}" is missing`);
  }
}

const SPELLINGS: Readonly<Record<string, string>> = { OR: '||', AND: '&&' };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(text, `at "${text.slice(at).trim().slice(0, 20)}"`);
    const [, number, single, double, name, operator] = match;
    const quoted = single ?? double;
    if (number !== undefined) tokens.push(['number', number]);
    else if (quoted !== undefined) tokens.push(['text', quoted]);
    else if (name !== undefined) tokens.push(['name', name]);
    else tokens.push(['operator', operator ?? '']);
  }
  return tokens;
}

const invalid = (text: string, where: string): AwsError =>
  new AwsError('ValidationError', `The local cloud cannot read the metric math "${text}" ${where}.`);
