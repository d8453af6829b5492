import { AppError } from '../../errors.js';
import type { DroppedLine } from '../policy.js';
import { foldSpaces, type Reading, takeMarker, withTitle } from './block.js';
import { knownWords } from './hyphenation.js';
import { CONTENTS_ENTRY, maskDigits, reasonOf, repeatedLines } from './paper.js';
import { type Piece, type Place, toBlocks, toPiece } from './piece.js';
import { readStory, type WordLine } from './word-body.js';
import { readNumbering } from './word-numbering.js';
import { readStyles } from './word-styles.js';
import { elementsOf, parseXml, type XmlElement } from './xml.js';
import { openZip, type ZipArchive } from './zip.js';

/** Bytes of unpacked XML. Word needs about 30 KB a page, so this is a policy of 500 pages; pictures are never unpacked. */
const LIMITS = { part: 16 * 1024 * 1024, total: 32 * 1024 * 1024 };
/** Twentieths of a point that stand for one character of indent. */
const TWIPS_A_CHARACTER = 100;

/**
 * Reads a Word document (`.docx`, ECMA-376) into blocks.
 *
 * Its XML is read here and not by a library, since those at hand drop what a policy is cited by: the numbers that Word
 * prints but does not store ("4.2", "(a)"), the pages, and the headers and footers that are to be listed.
 *
 * @throws {AppError} `policy_unreadable` with one plain sentence.
 */
export function readDocx(fileName: string, bytes: Uint8Array): Reading {
  const zip = openZip(fileName, bytes, LIMITS);
  try {
    return toReading(zip);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'policy_unreadable',
      `${fileName} is damaged. Open it in Word, save it again as .docx and try that file.`,
      { cause },
    );
  }
}

function toReading(zip: ZipArchive): Reading {
  const part = (name: string): XmlElement | undefined => {
    const xml = zip.read(name);
    return xml && parseXml(xml);
  };
  const main = zip.names.find((name) => /^word\/document\d*\.xml$/u.test(name));
  const body = main === undefined ? undefined : part(main);
  if (!body) throw new SyntaxError('no word/document.xml');
  const styles = part('word/styles.xml');
  const context = {
    styleOf: readStyles(styles),
    numbering: readNumbering(part('word/numbering.xml'), styles),
    footnotes: notesIn(part('word/footnotes.xml')),
    endnotes: notesIn(part('word/endnotes.xml')),
  };
  const lines = elementsOf(body).flatMap((story) => readStory(story, context));
  const { pieces, dropped } = sort(lines, hasPages(body));
  const running = zip.names
    .filter((name) => /^word\/(?:header|footer)\d*\.xml$/u.test(name))
    .flatMap((name) => linesOfPaper(part(name), context));
  const isKnown = knownWords(lines.map(({ text }) => text));
  const indentKnown = lines.some(({ printed }) => printed !== undefined);
  return { blocks: withTitle(toBlocks(pieces, indentKnown, isKnown)), dropped: [...distinct(running), ...dropped] };
}

/** Notes by the number that refers to them. */
const notesIn = (notes: XmlElement | undefined): ReadonlyMap<string, XmlElement> =>
  new Map((notes ? elementsOf(notes) : []).map((note) => [note.attributes['w:id'] ?? '', note]));

/** Only Word notes where its pages end; without such notes nothing can be said of pages. */
const hasPages = (element: XmlElement): boolean =>
  element.name === 'w:lastRenderedPageBreak' || elementsOf(element).some(hasPages);

function linesOfPaper(story: XmlElement | undefined, context: Parameters<typeof readStory>[1]): DroppedLine[] {
  return (story ? readStory(story, context) : [])
    .map(({ text }) => foldSpaces(text))
    .filter((text) => text !== '')
    .map((text) => ({ text, reason: reasonOf(text), line: null, page: null }));
}

const distinct = (lines: readonly DroppedLine[]): DroppedLine[] => [
  ...new Map(lines.map((line) => [line.text, line])).values(),
];

/** Parts what the policy says from what only the paper needs. */
function sort(lines: readonly WordLine[], paged: boolean): { pieces: Piece[]; dropped: DroppedLine[] } {
  const repeated = repeatedLines(lines.filter(({ printed }) => printed === undefined).map(({ text }) => text));
  const pieces: Piece[] = [];
  const dropped: DroppedLine[] = [];
  for (const [index, line] of lines.entries()) {
    const place = { line: index + 1, page: paged ? line.page : null };
    const isContents = line.format.contents === true || CONTENTS_ENTRY.test(line.text.trim());
    const isRepeated = line.printed === undefined && line.kind === 'paragraph' && repeated.has(maskDigits(line.text));
    if (line.text.trim() === '') continue;
    if (!isContents && !isRepeated) pieces.push(...toPieces(line, place));
    else
      dropped.push({
        text: foldSpaces(line.text),
        reason: isContents ? 'table of contents' : reasonOf(line.text),
        ...place,
      });
  }
  return { pieces, dropped };
}

function toPieces(line: WordLine, place: Place): Piece[] {
  if (line.kind !== 'paragraph') {
    const row = toPiece(line.text, place);
    return [
      {
        ...row,
        kind: 'row',
        marker: '',
        label: null,
        text: foldSpaces(line.text),
        tableHeader: line.kind === 'header',
      },
    ];
  }
  const { headingLevel, bold = false } = line.format;
  return labelledLines(line).map((text, at): Piece => {
    const own = at === 0 && line.printed ? numbered(line, text, place) : toPiece(withoutTab(text), place);
    const emphasised = own.emphasised || bold;
    return headingLevel === undefined ? { ...own, emphasised } : { ...asHeading(own), emphasised, headingLevel };
  });
}

const asHeading = (piece: Piece): Piece => ({ ...piece, kind: 'text', bulleted: false });

/** A typed number is often parted from its wording by a tab, which makes no table row of it. */
const withoutTab = (text: string): string =>
  text.replace(/^(\s*[^\s\p{L}]{0,2}[\p{L}\d.]{1,8}[).]?)[^\S\n]*\t/u, (whole, marker: string) =>
    takeMarker(`${marker} x`).marker === '' ? whole : `${marker} `,
  );

/** Line breaks within a paragraph are layout, except where a sentence ends or a number or letter begins. */
function labelledLines({ text, printed }: WordLine): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const last = lines.length - 1;
    if (last < 0 || (printed === undefined && takeMarker(line.trim()).marker !== '')) lines.push(line);
    else if (line.trim() !== '') lines[last] = `${lines[last]} ${line}`;
  }
  return lines.filter((line) => line.trim() !== '');
}

/** A paragraph that Word numbers. */
function numbered({ printed, format }: WordLine, text: string, place: Place): Piece {
  const marker = printed?.marker ?? '';
  const bulleted = printed?.bulleted ?? false;
  const label = bulleted ? null : (/([\p{L}\d]+(?:\.[\p{L}\d]+)*)[^\p{L}\d]*$/u.exec(marker)?.[1] ?? null);
  const letter = label !== null && /^\p{L}/u.test(label);
  return {
    kind: bulleted || letter ? 'item' : 'text',
    marker,
    label,
    bulleted,
    text: foldSpaces(text),
    emphasised: false,
    indent: Math.max(0, (format.indent ?? printed?.indent ?? 0) / TWIPS_A_CHARACTER),
    ...place,
  };
}
