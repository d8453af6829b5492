/** A piece of Bicep. A string's parts are its text and, between them, the tokens of what is put in. */
export type Token =
  | { readonly kind: 'name' | 'symbol'; readonly text: string; readonly line: number }
  | { readonly kind: 'number'; readonly value: number; readonly line: number }
  | { readonly kind: 'string'; readonly parts: readonly (string | readonly Token[])[]; readonly line: number }
  | { readonly kind: 'newline' | 'end'; readonly line: number };

/** Bicep that is not written as Bicep is. */
export class BicepError extends Error {
  constructor(message: string, line: number) {
    super(`line ${line}: ${message}`);
    this.name = 'BicepError';
  }
}

const SPACE = /[ \t\r]+|\/\/[^\n]*|\/\*[\s\S]*?\*\//uy;
const NAME = /[A-Za-z_]\w*/uy;
const NUMBER = /\d+/uy;
const SYMBOL = /==|!=|<=|>=|&&|\|\||\?\?|[{}()[\]:,.=?!<>@+*/%-]/uy;
const CLOSES: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", $: '$' };

/**
 * Takes Bicep apart.
 *
 * @throws {BicepError} for a character that has no place in Bicep, a string or comment without an end, and brackets that do not match.
 */
export function tokenise(source: string): Token[] {
  const reader = new Reader(source);
  const tokens = reader.readUntil(() => false);
  return [...tokens, { kind: 'end', line: reader.line }];
}

class Reader {
  readonly #source: string;
  #at = 0;
  line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  /** Up to the end, or to a closing brace that nothing here has opened. */
  readUntil(ends: (text: string, open: number) => boolean): Token[] {
    const tokens: Token[] = [];
    const open: { readonly text: string; readonly line: number }[] = [];
    while (this.#at < this.#source.length) {
      if (this.#take(SPACE) !== undefined) continue;
      const token = this.#next();
      if (token.kind === 'symbol') {
        if (ends(token.text, open.length)) return tokens;
        this.#bracket(token, open);
      }
      tokens.push(token);
    }
    const left = open.at(-1);
    if (left) throw new BicepError(`"${left.text}" is never closed`, left.line);
    return tokens;
  }

  #bracket({ text, line }: { text: string; line: number }, open: { text: string; line: number }[]): void {
    if ('{(['.includes(text)) open.push({ text, line });
    const opener = CLOSES[text];
    if (opener && open.pop()?.text !== opener) throw new BicepError(`"${text}" closes nothing`, line);
  }

  #next(): Token {
    const { line } = this;
    if (this.#take(/\n/uy) !== undefined) return { kind: 'newline', line };
    if (this.#source.startsWith("'''", this.#at)) return { kind: 'string', parts: [this.#verbatim()], line };
    if (this.#source[this.#at] === "'") return { kind: 'string', parts: this.#string(), line };
    const name = this.#take(NAME);
    if (name !== undefined) return { kind: 'name', text: name, line };
    const number = this.#take(NUMBER);
    if (number !== undefined) return { kind: 'number', value: Number(number), line };
    const symbol = this.#take(SYMBOL);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol, line };
    throw new BicepError(`"${this.#source[this.#at]}" has no place in Bicep`, line);
  }

  /** Between three quotes nothing has a meaning of its own; a line break right after them is left out. */
  #verbatim(): string {
    const { line } = this;
    const text = this.#take(/'''\n?([\s\S]*?)'''/uy);
    if (text === undefined) throw new BicepError('a string is never closed', line);
    return text.replace(/^'''\n?|'''$/gu, '');
  }

  #string(): (string | Token[])[] {
    const { line } = this;
    this.#at += 1;
    const parts: (string | Token[])[] = [''];
    for (;;) {
      const plain = this.#take(/[^'\\$\n]+|\$(?!\{)/uy);
      if (plain !== undefined) parts.push(`${parts.pop()}${plain}`);
      else if (this.#take(/'/uy) !== undefined) return parts;
      else if (this.#take(/\$\{/uy) !== undefined) parts.push(this.#inserted(line), '');
      else parts.push(`${parts.pop()}${this.#escape(line)}`);
    }
  }

  #inserted(line: number): Token[] {
    let ended = false;
    const tokens = this.readUntil((text, open) => {
      ended = text === '}' && open === 0;
      return ended;
    });
    if (!ended) throw new BicepError('what is put into a string is never closed', line);
    return [...tokens, { kind: 'end', line }];
  }

  #escape(line: number): string {
    const character = this.#take(/\\[nrt\\'$]/uy)?.[1];
    if (character === undefined) throw new BicepError('a string is never closed, or has an unknown escape', line);
    return ESCAPES[character] ?? character;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#source) ?? [];
    if (text === undefined) return undefined;
    this.#at += text.length;
    this.line += text.split('\n').length - 1;
    return text;
  }
}
