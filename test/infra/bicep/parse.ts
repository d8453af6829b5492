import type { BicepObject, Block, Decorator, Expression, Output, Param, Template } from './syntax.js';
import { BicepError, type Token, tokenise } from './tokens.js';

/** Loosest first. */
const OPERATORS: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-']];
const TYPES = ['string', 'int', 'bool', 'object', 'array'];

/**
 * Reads the part of Bicep that `infra/` is written in: no loops, no user-defined types or functions, no imports.
 *
 * @throws {BicepError} where it is anything else.
 */
export function parse(source: string): Template {
  return new Parser(tokenise(source)).template();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  template(): Template {
    const template = {
      scope: undefined as string | undefined,
      params: [] as Param[],
      vars: [] as { name: string; value: Expression; line: number }[],
      blocks: [] as Block[],
      outputs: [] as Output[],
    };
    for (this.#skipLines(); this.#token.kind !== 'end'; this.#endOfStatement()) {
      const decorators = this.#decorators();
      const { line } = this.#token;
      const word = this.#name();
      if (decorators.length > 0 && word !== 'param') throw new BicepError('only parameters are decorated here', line);
      if (word === 'targetScope') template.scope = this.#scope();
      else if (word === 'param') template.params.push(this.#param(decorators, line));
      else if (word === 'var') template.vars.push({ name: this.#name(), value: this.#assigned(), line });
      else if (word === 'resource' || word === 'module') template.blocks.push(this.#block(word, line));
      else if (word === 'output')
        template.outputs.push({ name: this.#name(), type: this.#type(), value: this.#assigned(), line });
      else throw new BicepError(`"${word}" begins nothing`, line);
    }
    return template;
  }

  #decorators(): Decorator[] {
    const decorators: Decorator[] = [];
    while (this.#accept('@')) {
      const name = this.#name();
      decorators.push({ name, given: this.#given() });
      this.#endOfStatement();
    }
    return decorators;
  }

  #scope(): string {
    const value = this.#assigned();
    return value.kind === 'text' ? value.parts.join('') : '';
  }

  #param(decorators: Decorator[], line: number): Param {
    const [name, type] = [this.#name(), this.#type()];
    return { name, type, fallback: this.#isNext('=') ? this.#assigned() : undefined, decorators, line };
  }

  #block(word: 'resource' | 'module', line: number): Block {
    const name = this.#name();
    const reference = this.#plainText();
    const there = word === 'resource' && this.#acceptName('existing');
    this.#expect('=');
    const condition = this.#acceptName('if') ? this.#inBrackets() : undefined;
    return { kind: there ? 'existing' : word, name, reference, condition, body: this.#object(), line };
  }

  #type(): string {
    const { line } = this.#token;
    const type = this.#name();
    if (!TYPES.includes(type)) throw new BicepError(`"${type}" is no type`, line);
    return type;
  }

  #assigned(): Expression {
    this.#expect('=');
    return this.#expression();
  }

  #inBrackets(): Expression {
    this.#expect('(');
    const inside = this.#expression();
    this.#expect(')');
    return inside;
  }

  #expression(): Expression {
    const { line } = this.#token;
    const first = this.#operation(0);
    if (!this.#accept('?')) return first;
    const yes = this.#expression();
    this.#expect(':');
    return { kind: 'choice', of: [first, yes, this.#expression()], line };
  }

  #operation(level: number): Expression {
    const operators = OPERATORS[level];
    if (!operators) return this.#unary();
    let left = this.#operation(level + 1);
    for (;;) {
      const { line } = this.#token;
      const operator = operators.find((one) => this.#accept(one));
      if (operator === undefined) return left;
      left = { kind: 'pair', operator, sides: [left, this.#operation(level + 1)], line };
    }
  }

  #unary(): Expression {
    const { line } = this.#token;
    if (this.#accept('!')) return { kind: 'not', of: this.#unary(), line };
    let value = this.#primary();
    while (this.#accept('.')) value = { kind: 'member', of: value, name: this.#name(), line };
    return value;
  }

  #primary(): Expression {
    const token = this.#token;
    const { line } = token;
    if (this.#isNext('{')) return this.#object();
    if (this.#isNext('[')) return this.#list();
    if (this.#isNext('(')) return this.#inBrackets();
    this.#at += 1;
    if (token.kind === 'number') return { kind: 'literal', value: token.value, line };
    if (token.kind === 'string') return this.#text(token);
    if (token.kind !== 'name') throw new BicepError('a value is missing', line);
    const { text: name } = token;
    if (name === 'null') return { kind: 'literal', value: null, line };
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', line };
    return this.#isNext('(') ? { kind: 'call', name, given: this.#given(), line } : { kind: 'name', name, line };
  }

  #text({ parts, line }: Extract<Token, { kind: 'string' }>): Expression {
    const read = (tokens: readonly Token[]): Expression => {
      const inner = new Parser(tokens);
      const value = inner.#expression();
      if (inner.#token.kind !== 'end') throw new BicepError('more is put into a string than one value', line);
      return value;
    };
    return { kind: 'text', parts: parts.map((part) => (typeof part === 'string' ? part : read(part))), line };
  }

  #given(): Expression[] {
    this.#expect('(');
    const given: Expression[] = [];
    this.#skipLines();
    while (!this.#isNext(')')) {
      given.push(this.#expression());
      this.#skipLines();
      if (!this.#isNext(')')) this.#expect(',');
      this.#skipLines();
    }
    this.#expect(')');
    return given;
  }

  #list(): Expression {
    const { line } = this.#token;
    const items: Expression[] = [];
    this.#lines('[', ']', () => items.push(this.#expression()));
    return { kind: 'list', items, line };
  }

  #object(): BicepObject {
    const { line } = this.#token;
    const entries: { key: Expression; value: Expression }[] = [];
    this.#lines('{', '}', () => {
      const token = this.#token;
      const key = this.#primary();
      this.#expect(':');
      const isPlain = token.kind === 'name' && key.kind === 'name';
      const named: Expression = isPlain ? { kind: 'text', parts: [token.text], line: token.line } : key;
      if (named.kind !== 'text') throw new BicepError('that is no name of a property', token.line);
      entries.push({ key: named, value: this.#expression() });
    });
    return { kind: 'object', entries, line };
  }

  /** What stands between brackets, each on lines of its own. */
  #lines(opens: string, closes: string, one: () => unknown): void {
    this.#expect(opens);
    this.#skipLines();
    while (!this.#accept(closes)) {
      one();
      if (!this.#isNext(closes)) this.#endOfStatement();
    }
  }

  #plainText(): string {
    const token = this.#token;
    const [only] = token.kind === 'string' ? token.parts : [];
    if (token.kind !== 'string' || token.parts.length !== 1 || typeof only !== 'string')
      throw new BicepError('a plain string is missing', token.line);
    this.#at += 1;
    return only;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', line: this.#tokens.at(-1)?.line ?? 1 };
  }

  #name(): string {
    const token = this.#token;
    if (token.kind !== 'name') throw new BicepError('a name is missing', token.line);
    this.#at += 1;
    return token.text;
  }

  #isNext(symbol: string): boolean {
    const token = this.#token;
    return token.kind === 'symbol' && token.text === symbol;
  }

  #accept(symbol: string): boolean {
    const found = this.#isNext(symbol);
    if (found) this.#at += 1;
    return found;
  }

  #acceptName(name: string): boolean {
    const token = this.#token;
    const found = token.kind === 'name' && token.text === name;
    if (found) this.#at += 1;
    return found;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw new BicepError(`"${symbol}" is missing`, this.#token.line);
  }

  #endOfStatement(): void {
    const { kind, line } = this.#token;
    if (kind !== 'newline' && kind !== 'end') throw new BicepError('a new line is missing', line);
    this.#skipLines();
  }

  #skipLines(): void {
    while (this.#token.kind === 'newline') this.#at += 1;
  }
}
