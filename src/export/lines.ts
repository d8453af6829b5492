/** Only say how a letter looks. */
const VARIATIONS = /[\uFE0E\uFE0F]/u;
const JOINERS = /[\u200C\u200D]/u;
/** Control and format characters, among them those that turn text round; what has no meaning; the halves of characters. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;

/**
 * Text as a font can print it: what the font has not, and what nobody would see, is written as its number, such as [U+1F600].
 *
 * @param has whether the font has a character.
 */
export const printable = (text: string, has: (codePoint: number) => boolean): string =>
  Array.from(text.normalize('NFC'), (char) => {
    const codePoint = char.codePointAt(0) ?? 0;
    if (VARIATIONS.test(char)) return '';
    if (char === '\n') return char;
    if (char === '\t') return ' ';
    if (has(codePoint) && (JOINERS.test(char) || !UNSEEN.test(char))) return char;
    return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');

/**
 * Breaks text into lines that are no wider than that: between words, and within a word that has no room on a line of its own.
 *
 * @param widthOf of a text in the font it is printed in.
 */
export const linesOf = (text: string, width: number, widthOf: (text: string) => number): readonly string[] =>
  text.split(LINE_END).flatMap((paragraph) => linesOfParagraph(paragraph, width, widthOf));

function linesOfParagraph(paragraph: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = piecesOf(word, width, widthOf);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A word in as few pieces as fit; no character is taken apart. */
function piecesOf(word: string, width: number, widthOf: (text: string) => number): string[] {
  if (widthOf(word.slice(0, 1_000)) <= width && word.length <= 1_000) return [word];
  const pieces: string[] = [];
  let piece: string[] = [];
  let estimate = 0;
  for (const { segment } of GRAPHEMES.segment(word)) {
    const wide = widthOf(segment);
    if (piece.length > 0 && estimate + wide > width) {
      pieces.push(piece.join(''));
      [piece, estimate] = [[], 0];
    }
    piece.push(segment);
    estimate += wide;
  }
  return [...pieces, piece.join('')].flatMap((one) => halvedUntilFits(one, width, widthOf));
}

/** Characters beside each other may take more room than alone. */
function halvedUntilFits(piece: string, width: number, widthOf: (text: string) => number): string[] {
  const parts = Array.from(GRAPHEMES.segment(piece), ({ segment }) => segment);
  if (parts.length < 2 || widthOf(piece) <= width) return [piece];
  const middle = Math.ceil(parts.length / 2);
  return [parts.slice(0, middle), parts.slice(middle)].flatMap((half) =>
    halvedUntilFits(half.join(''), width, widthOf),
  );
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const TOKENS =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{M}\u200C\u200D]+|[\p{L}\p{N}]+|./gsu;
const MIRRORED: Readonly<Record<string, string>> = {
  ...{ '(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«' },
};

/**
 * A line as pieces in the order in which they stand on paper, from the left. Words from right to left stand in their order, with
 * numbers and words from left to right whole among them: enough to be read, not all of Unicode's rules. The font turns the letters
 * within a piece.
 */
export function inPrintedOrder(line: string): readonly string[] {
  if (!RIGHT_TO_LEFT.test(line)) return [line];
  const tokens = directed(line.match(TOKENS) ?? []);
  const fromRight = tokens.find(({ letters }) => letters)?.right ?? false;
  const order = fromRight ? turned(tokens.toReversed(), false) : turned(tokens, true);
  return order.map(({ text, right }) => (right ? (MIRRORED[text] ?? text) : text));
}

interface Token {
  readonly text: string;
  readonly letters: boolean;
  readonly right: boolean;
}

/** Spaces and signs go with what stands on both sides of them, else with the line. */
function directed(texts: readonly string[]): Token[] {
  const own = texts.map((text) => (RIGHT_TO_LEFT.test(text) ? true : /[\p{L}\p{N}]/u.test(text) ? false : undefined));
  const line = own[texts.findIndex((text) => /\p{L}/u.test(text))] ?? false;
  return texts.map((text, at) => {
    const [before, after] = [own.slice(0, at).findLast(isKnown), own.slice(at).find(isKnown)];
    return { text, letters: /\p{L}/u.test(text), right: own[at] ?? (before === after ? (before ?? line) : line) };
  });
}

const isKnown = (one: boolean | undefined): one is boolean => one !== undefined;

/** With every run of one direction turned round. */
function turned(tokens: readonly Token[], right: boolean): Token[] {
  const result: Token[] = [];
  let run: Token[] = [];
  for (const token of tokens) {
    if (token.right === right) {
      run.unshift(token);
      continue;
    }
    result.push(...run, token);
    run = [];
  }
  return [...result, ...run];
}
