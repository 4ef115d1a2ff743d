/** The words of a query of Logs Insights, and a reader that goes over them. */
import { AwsError } from '../../service';

/** `word` is a name, a number or an operator; `text` stood in quotes; `regex` between slashes; `field` between backticks. */
export interface Token {
  readonly kind: 'word' | 'text' | 'regex' | 'field';
  readonly value: string;
  /** As it stands in the query. */
  readonly source: string;
  readonly at: number;
}

const SPACE = /(?:\s+|#[^\n]*)*/y;
const TOKEN =
  /(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<field>`[^`]+`)|(?<regex>\/(?:[^/\\\n]|\\.)+\/)|(?<word>-?\d[\w.]*|@?[A-Za-z_][\w.@]*|!=|<=|>=|[=<>|,()[\]*])/y;

/** @throws AwsError `MalformedQueryException`, with where the query cannot be read and why */
export function malformed(reason: string, { at = 0, source = '' }: Partial<Token> = {}): AwsError {
  const details = {
    queryCompileError: { location: { startCharOffset: at, endCharOffset: at + source.length }, message: reason },
  };
  return new AwsError('MalformedQueryException', reason, 400, details);
}

/** Goes over the words of a query. */
export class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(query: string) {
    this.#tokens = [...tokensOf(query)];
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** The next word, which stays; undefined at the end. */
  peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  /** Takes the next word if it is one of these, whatever its case. */
  accept(...words: readonly string[]): string | undefined {
    const token = this.peek();
    const word = token?.kind === 'word' ? token.value.toLowerCase() : undefined;
    if (word === undefined || !words.includes(word)) return undefined;
    this.#next += 1;
    return word;
  }

  /** @throws AwsError where the next word is another */
  expect(...words: readonly string[]): string {
    return this.accept(...words) ?? this.fail(`${words.map((word) => `"${word}"`).join(' or ')} is missing`);
  }

  /** Takes the next word of these kinds; what it is called in the message is `what`. */
  take(what: string, ...kinds: readonly Token['kind'][]): Token {
    const token = this.peek();
    if (token === undefined || !kinds.includes(token.kind)) return this.fail(`${what} is missing`);
    this.#next += 1;
    return token;
  }

  /** The name of a field, where no function may stand. */
  plainField(): string {
    const name = this.field();
    return this.peek()?.value === '(' ? this.fail(`the function ${name}() is unknown`) : name;
  }

  /** The name of a field, or of a function. */
  field(): string {
    const token = this.take('the name of a field', 'word', 'field');
    if (token.kind === 'field' || /^[@A-Za-z_]/.test(token.value)) return token.value;
    this.#next -= 1;
    return this.fail('the name of a field is missing');
  }

  /** @throws AwsError `MalformedQueryException`, always */
  fail(reason: string): never {
    const token = this.peek();
    throw malformed(
      `The local cloud cannot read the query: ${reason} ${token ? `before "${token.source}"` : 'at its end'}.`,
      token,
    );
  }
}

function* tokensOf(query: string): Generator<Token> {
  let at = 0;
  while (true) {
    SPACE.lastIndex = at;
    at += SPACE.exec(query)?.[0].length ?? 0;
    if (at >= query.length) return;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(query);
    if (!match) {
      const source = /\S+/y.exec(query.slice(at))?.[0] ?? '';
      throw malformed(`The local cloud cannot read the query from "${source}" on.`, { at, source });
    }
    const [source] = match;
    const [kind] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) as [
      Token['kind'],
      string,
    ];
    yield { kind, source, at, value: meaningOf(kind, source) };
    at += source.length;
  }
}

function meaningOf(kind: Token['kind'], source: string): string {
  if (kind === 'word') return source;
  const inner = source.slice(1, -1);
  return kind === 'text' ? inner.replace(/\\(["'\\])/g, '$1') : inner;
}
