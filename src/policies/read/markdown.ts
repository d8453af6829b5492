import MarkdownIt from 'markdown-it';
import { type Block, foldSpaces, takeMarker, withTitle } from './block.js';

type Token = ReturnType<MarkdownIt['parse']>[number];

/** Strict wording: no smart quotes, no automatic links; raw HTML is recognised so that only its tags are left out. */
const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false }).disable('strikethrough');

interface Reading {
  readonly blocks: Block[];
  readonly lists: { ordered: boolean; marker: string }[];
  depth: number;
  headingLevel: number;
}

/**
 * Reads Markdown into blocks. Headings and nesting are the author's own; a paragraph that is bold throughout is a heading
 * one level below the last, and lines that start with a number or letter are paragraphs of their own.
 *
 * @param source the document without front matter.
 * @param firstLine line of the file at which `source` starts, counted from 1.
 */
export function readMarkdown(source: string, firstLine = 1): Block[] {
  const reading: Reading = { blocks: [], lists: [], depth: 0, headingLevel: 0 };
  const tokens = markdown.parse(source, {});
  let pending: Token | undefined;
  let cells: string[] = [];
  let inTableHead = false;
  let line = firstLine;
  for (const token of tokens) {
    line = token.map ? firstLine + token.map[0] : line;
    if (token.type === 'heading_open' || token.type === 'paragraph_open') pending = token;
    else if (token.type.endsWith('_list_open'))
      reading.lists.push({ ordered: token.type === 'ordered_list_open', marker: '' });
    else if (token.type.endsWith('_list_close')) reading.lists.pop();
    else if (token.type === 'list_item_open') openItem(reading, token);
    else if (token.type === 'thead_open' || token.type === 'thead_close') inTableHead = token.type === 'thead_open';
    else if (token.type === 'tr_open') cells = [];
    else if (token.type === 'tr_close') pushRow(reading, cells, inTableHead, line);
    else if (token.type === 'inline' && pending === undefined) cells.push(inlineText(token));
    else if (token.type === 'inline' && pending !== undefined) {
      pushInline(reading, pending, token, line);
      pending = undefined;
    } else if (token.type === 'code_block' || token.type === 'fence') pushText(reading, token.content, line);
    else if (token.type === 'html_block') pushText(reading, withoutTags(token.content), line);
  }
  return withTitle(reading.blocks);
}

function openItem(reading: Reading, token: Token): void {
  const list = reading.lists.at(-1);
  if (list) list.marker = list.ordered ? `${token.info}${token.markup}` : token.markup;
}

function pushRow(reading: Reading, cells: string[], header: boolean, line: number): void {
  const text = foldSpaces(cells.join(' '));
  if (text !== '')
    reading.blocks.push({
      kind: header ? 'tableHeader' : 'row',
      marker: '',
      label: null,
      text,
      level: 0,
      line,
      page: null,
    });
}

function pushInline(reading: Reading, open: Token, inline: Token, line: number): void {
  if (open.type === 'heading_open') {
    const { marker, label, rest } = takeMarker(foldSpaces(withoutAttributes(inlineText(inline).replaceAll('\n', ' '))));
    reading.headingLevel = Number(open.tag.slice(1));
    reading.blocks.push({ kind: 'heading', marker, label, text: rest, level: reading.headingLevel, line, page: null });
  } else if (reading.lists.length === 0 && isBoldThroughout(inline)) {
    const { marker, label, rest } = takeMarker(foldSpaces(inlineText(inline)));
    reading.blocks.push({
      kind: 'heading',
      marker,
      label,
      text: rest,
      level: reading.headingLevel + 1,
      line,
      page: null,
    });
  } else pushText(reading, inlineText(inline), line);
}

function pushText(reading: Reading, text: string, line: number): void {
  const list = reading.lists.at(-1);
  for (const paragraph of labelledLines(text)) {
    const { marker, label, bulleted, rest } = takeMarker(foldSpaces(paragraph));
    if (marker === '' && rest === '') continue;
    if (list === undefined) {
      const kind = label !== null && /^[a-z]/iu.test(label) ? 'item' : bulleted ? 'item' : 'paragraph';
      reading.blocks.push({ kind, marker, label, text: rest, level: kind === 'item' ? 1 : 0, line, page: null });
    } else {
      const listLabel = list.ordered ? list.marker.replace(/[.)]$/u, '') : null;
      const whole = [list.marker, marker].filter((part) => part !== '').join(' ');
      reading.blocks.push({
        kind: 'item',
        marker: whole,
        label: label ?? (list.marker === '' ? null : listLabel),
        text: rest,
        level: reading.lists.length,
        line,
        page: null,
      });
      list.marker = '';
    }
  }
}

/** A line break in Markdown is layout, except before a line that starts with its own number or letter. */
function labelledLines(text: string): string[] {
  const paragraphs: string[] = [];
  for (const line of text.split('\n')) {
    const last = paragraphs.length - 1;
    if (last < 0 || takeMarker(line).marker !== '') paragraphs.push(line);
    else paragraphs[last] = `${paragraphs[last]} ${line}`;
  }
  return paragraphs;
}

function inlineText(inline: Token): string {
  return (inline.children ?? [])
    .map((child) => {
      if (child.type === 'softbreak' || child.type === 'hardbreak') return '\n';
      if (child.type === 'html_inline') return withoutTags(child.content);
      if (child.type === 'image') return inlineText(child);
      return child.content;
    })
    .join('');
}

/** Pandoc adds "{#name .class}" to headings, which is no wording. */
const withoutAttributes = (heading: string): string => heading.replace(/\s*\{[#.][^{}]*\}\s*$/u, '');

/** Tags are left out; those that part blocks, rows or cells part words, and entities are the characters they stand for. */
const withoutTags = (html: string): string =>
  markdown.utils.unescapeAll(
    html
      .replace(/<!--[\s\S]*?-->/gu, '')
      .replace(/<\/(?:p|div|tr|li|h\d|table)>|<br\s*\/?>/giu, '\n')
      .replace(/<\/t[dh]>/giu, ' ')
      .replace(/<\/?[a-z][^>]*>/giu, '')
      .replaceAll('&nbsp;', ' '),
  );

/** One pair of bold marks around a few words that are no sentence. */
function isBoldThroughout(inline: Token): boolean {
  const children = (inline.children ?? []).filter(
    (child) => child.content.trim() !== '' || child.type.startsWith('strong'),
  );
  const text = inlineText(inline);
  const pairs = children.filter(({ type }) => type === 'strong_open').length;
  const around = children[0]?.type === 'strong_open' && children.at(-1)?.type === 'strong_close';
  return (
    around && pairs === 1 && text.length <= 90 && !/[.;,:]$|\b(?:must|should|shall|may|never|do not)\b/iu.test(text)
  );
}
