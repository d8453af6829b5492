import type { Numbering, Printed } from './word-numbering.js';
import { over, type ParagraphFormat, paragraphFormat, runFormat } from './word-styles.js';
import { elementAt, elementsOf, type XmlElement } from './xml.js';

/** A paragraph or table row as Word shows it. */
export interface WordLine {
  readonly kind: 'paragraph' | 'row' | 'header';
  /** Tabs and line breaks as set; the cells of a row are parted by tabs. */
  readonly text: string;
  /** The number, letter or bullet that Word prints before it. */
  readonly printed: Printed | undefined;
  readonly format: ParagraphFormat;
  /** Page on which it starts, as Word last laid it out, counted from 1. */
  readonly page: number;
}

interface Reading {
  readonly styleOf: (styleId: string | undefined) => ParagraphFormat;
  readonly numbering: Numbering;
  readonly footnotes: ReadonlyMap<string, XmlElement>;
  readonly endnotes: ReadonlyMap<string, XmlElement>;
  readonly lines: WordLine[];
  page: number;
}

interface Paragraph {
  readonly style: ParagraphFormat;
  readonly runs: { readonly text: string; readonly bold: boolean }[];
  /** Text boxes and notes found within, to be read after it. */
  readonly asides: XmlElement[];
  /** Page on which its wording starts. */
  page: number | undefined;
}

/** Elements that only wrap others. Deleted and moved-away text (`w:del`, `w:moveFrom`) is not among them: nobody sees it. */
const WRAPPERS = new Set([
  'w:sdt',
  'w:sdtContent',
  'w:ins',
  'w:moveTo',
  'w:smartTag',
  'w:customXml',
  'w:hyperlink',
  'w:fldSimple',
  'w:dir',
  'w:bdo',
]);

/** "24 ≤ 48": what Word's formula editor made, which stands in a sentence like a word. */
const FORMULAS = new Set(['m:oMath', 'm:oMathPara']);

/**
 * Reads the body of a Word document (ECMA-376 part 1, §17): paragraphs and table rows in order, with the text of text boxes
 * and notes after the paragraph they belong to.
 *
 * @param story `w:body`, or the root of a header or footer.
 */
export function readStory(story: XmlElement, context: Omit<Reading, 'lines' | 'page'>): WordLine[] {
  const reading: Reading = { ...context, lines: [], page: 1 };
  readBlocks(story, reading);
  return reading.lines;
}

function readBlocks(parent: XmlElement, reading: Reading): void {
  for (const element of elementsOf(parent)) {
    if (element.name === 'w:p') readParagraph(element, reading);
    else if (element.name === 'w:tbl') readTable(element, reading);
    else if (WRAPPERS.has(element.name)) readBlocks(element, reading);
    else if (element.name === 'mc:AlternateContent') readBlocks(chosen(element), reading);
  }
}

/** Of two ways to say the same, newer programs take the first. */
const chosen = (alternatives: XmlElement): XmlElement =>
  elementAt(alternatives, 'mc:Choice') ?? elementAt(alternatives, 'mc:Fallback') ?? { ...alternatives, children: [] };

function readParagraph(element: XmlElement, reading: Reading): void {
  const properties = elementAt(element, 'w:pPr');
  const styleId = elementAt(properties, 'w:pStyle')?.attributes['w:val'];
  const style = reading.styleOf(styleId);
  const format = over(style, paragraphFormat(properties));
  const paragraph: Paragraph = { style, runs: [], asides: [], page: undefined };
  readRuns(element, paragraph, reading);
  const wording = paragraph.runs.filter(({ text }) => text.trim() !== '');
  const isNumbered = format.listId !== undefined && format.listId !== '0' && wording.length > 0;
  reading.lines.push({
    kind: 'paragraph',
    text: paragraph.runs.map(({ text }) => text).join(''),
    printed: isNumbered ? reading.numbering.next(format.listId ?? '', format.listLevel, styleId) : undefined,
    format: { ...format, bold: wording.length > 0 && wording.every(({ bold }) => bold) },
    page: paragraph.page ?? reading.page,
  });
  for (const aside of paragraph.asides) readBlocks(aside, reading);
}

function readRuns(parent: XmlElement, paragraph: Paragraph, reading: Reading): void {
  for (const element of elementsOf(parent)) {
    if (element.name === 'w:r') readRun(element, paragraph, reading);
    else if (WRAPPERS.has(element.name)) readRuns(element, paragraph, reading);
    else if (element.name === 'mc:AlternateContent') readRuns(chosen(element), paragraph, reading);
    else if (FORMULAS.has(element.name)) paragraph.runs.push({ text: signsOf(element), bold: false });
  }
}

/** The signs of a formula, in order. */
const signsOf = (element: XmlElement): string =>
  element.name === 'm:t'
    ? element.children.filter((child) => typeof child === 'string').join('')
    : elementsOf(element).map(signsOf).join('');

function readRun(run: XmlElement, paragraph: Paragraph, reading: Reading): void {
  const properties = elementAt(run, 'w:rPr');
  const characters = elementAt(properties, 'w:rStyle')?.attributes['w:val'];
  const named = characters === undefined ? paragraph.style : over(paragraph.style, reading.styleOf(characters));
  const { bold = false, hidden = false } = over(named, runFormat(properties));
  for (const element of elementsOf(run)) {
    if (element.name === 'w:lastRenderedPageBreak') reading.page += 1;
    if (hidden) continue;
    const text = textOf(element);
    if (text.trim() !== '') paragraph.page ??= reading.page;
    if (text !== '') paragraph.runs.push({ text, bold });
    paragraph.asides.push(...asidesOf(element, reading));
  }
}

function asidesOf(element: XmlElement, { footnotes, endnotes }: Reading): XmlElement[] {
  const note = element.attributes['w:id'] ?? '';
  switch (element.name) {
    case 'w:footnoteReference':
      return [footnotes.get(note) ?? []].flat();
    case 'w:endnoteReference':
      return [endnotes.get(note) ?? []].flat();
    case 'w:drawing':
    case 'w:pict':
    case 'w:object':
    case 'mc:AlternateContent':
      return textBoxes(element);
    default:
      return [];
  }
}

function textOf(element: XmlElement): string {
  switch (element.name) {
    case 'w:t':
      return element.children.filter((child) => typeof child === 'string').join('');
    case 'w:tab':
    case 'w:ptab':
      return '\t';
    case 'w:cr':
      return '\n';
    case 'w:br':
      return ['page', 'column'].includes(element.attributes['w:type'] ?? '') ? ' ' : '\n';
    case 'w:noBreakHyphen':
      return '-';
    case 'w:sym':
      return symbol(element.attributes['w:char']);
    default:
      return '';
  }
}

/** Symbol fonts keep their signs in the private area, where only the bullet is worth knowing. */
function symbol(code: string | undefined): string {
  const value = Number.parseInt(code ?? '', 16);
  if (Number.isNaN(value) || value > 0xffff) return '';
  return value >= 0xe000 && value <= 0xf8ff ? '•' : String.fromCharCode(value);
}

function textBoxes(element: XmlElement): XmlElement[] {
  if (element.name === 'w:txbxContent') return [element];
  if (element.name === 'mc:AlternateContent') return textBoxes(chosen(element));
  return elementsOf(element).flatMap(textBoxes);
}

/** A table of one column is a frame around text; in any other, a row is one passage. */
function readTable(table: XmlElement, reading: Reading): void {
  for (const row of rowsOf(table)) {
    const cells = cellsOf(row);
    if (cells.length === 1 && cells[0]) {
      readBlocks(cells[0], reading);
      continue;
    }
    const page = reading.page;
    const inside: Reading = { ...reading, lines: [] };
    const texts = cells.map((cell) => {
      const from = inside.lines.length;
      readBlocks(cell, inside);
      return inside.lines
        .slice(from)
        .map(({ printed, text }) => `${printed?.marker ?? ''} ${text}`.trim())
        .filter(Boolean)
        .join(' ');
    });
    reading.page = inside.page;
    const header = elementAt(row, 'w:trPr', 'w:tblHeader');
    const isHeader =
      header !== undefined && header.attributes['w:val'] !== '0' && header.attributes['w:val'] !== 'false';
    const text = texts.filter((one) => one !== '').join('\t');
    reading.lines.push({ kind: isHeader ? 'header' : 'row', text, printed: undefined, format: {}, page });
  }
}

const rowsOf = (parent: XmlElement): XmlElement[] =>
  elementsOf(parent).flatMap((one) => (one.name === 'w:tr' ? [one] : WRAPPERS.has(one.name) ? rowsOf(one) : []));

const cellsOf = (parent: XmlElement): XmlElement[] =>
  elementsOf(parent).flatMap((one) => (one.name === 'w:tc' ? [one] : WRAPPERS.has(one.name) ? cellsOf(one) : []));
