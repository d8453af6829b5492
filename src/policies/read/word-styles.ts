import { elementAt, elementsOf, type XmlElement } from './xml.js';

/** What a paragraph, or the style it has, says of itself; `undefined` where it leaves that to the style below. */
export interface ParagraphFormat {
  /** 0 for the title, 1 and up for headings. */
  readonly headingLevel?: number | undefined;
  readonly listId?: string | undefined;
  readonly listLevel?: number | undefined;
  /** Distance from the margin in twentieths of a point. */
  readonly indent?: number | undefined;
  readonly bold?: boolean | undefined;
  readonly hidden?: boolean | undefined;
  /** A line of the table of contents. */
  readonly contents?: boolean | undefined;
}

/** Styles build on one another no deeper than this. */
const DEEPEST_STYLE = 20;

/** Reads `word/styles.xml`. @returns the format that each style gives, by its id, with what it builds on; `''` is the default. */
export function readStyles(styles: XmlElement | undefined): (styleId: string | undefined) => ParagraphFormat {
  const byId = new Map<string, XmlElement>();
  let usual: string | undefined;
  for (const style of styles ? elementsOf(styles) : []) {
    const { 'w:styleId': id, 'w:type': type, 'w:default': isDefault } = style.attributes;
    if (style.name !== 'w:style' || id === undefined) continue;
    byId.set(id, style);
    if (type === 'paragraph' && (isDefault === '1' || isDefault === 'true')) usual = id;
  }
  const formats = new Map<string, ParagraphFormat>();
  const formatOf = (id: string | undefined, depth: number): ParagraphFormat => {
    const style = id === undefined ? undefined : byId.get(id);
    if (id === undefined || style === undefined || depth > DEEPEST_STYLE) return {};
    const known = formats.get(id);
    if (known) return known;
    const below = formatOf(elementAt(style, 'w:basedOn')?.attributes['w:val'], depth + 1);
    const name = elementAt(style, 'w:name')?.attributes['w:val'] ?? '';
    const format = over(below, {
      ...formatOfName(name),
      ...stated(paragraphFormat(elementAt(style, 'w:pPr'))),
      ...stated(runFormat(elementAt(style, 'w:rPr'))),
    });
    formats.set(id, format);
    return format;
  };
  return (id) => formatOf(id ?? usual, 0);
}

/** Lays one format over another. */
export const over = (below: ParagraphFormat, above: ParagraphFormat): ParagraphFormat => ({
  ...below,
  ...stated(above),
});

const stated = (format: ParagraphFormat): ParagraphFormat =>
  Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined));

function formatOfName(name: string): ParagraphFormat {
  const level = /^heading (\d)$/iu.exec(name)?.[1];
  return {
    ...(level !== undefined && { headingLevel: Number(level) }),
    ...(/^title$/iu.test(name) && { headingLevel: 0 }),
    ...(/^(?:toc \d|contents (?:\d|heading)|toc heading)$/iu.test(name) && { contents: true }),
  };
}

/** What a `w:pPr` says. An outline level of 9 is body text. */
export function paragraphFormat(properties: XmlElement | undefined): ParagraphFormat {
  const list = elementAt(properties, 'w:numPr');
  const outline = numberOf(elementAt(properties, 'w:outlineLvl')?.attributes['w:val']);
  const indent = elementAt(properties, 'w:ind')?.attributes;
  return {
    headingLevel: outline !== undefined && outline < 9 ? outline + 1 : undefined,
    listId: elementAt(list, 'w:numId')?.attributes['w:val'],
    listLevel: numberOf(elementAt(list, 'w:ilvl')?.attributes['w:val']),
    indent: numberOf(indent?.['w:left'] ?? indent?.['w:start']),
  };
}

/** What a `w:rPr` says. */
export const runFormat = (properties: XmlElement | undefined): ParagraphFormat => ({
  bold: isOn(elementAt(properties, 'w:b')),
  hidden: isOn(elementAt(properties, 'w:vanish')),
});

const isOn = (element: XmlElement | undefined): boolean | undefined =>
  element && !['0', 'false', 'off'].includes(element.attributes['w:val'] ?? '');

const numberOf = (value: string | undefined): number | undefined =>
  value === undefined || !/^-?\d+$/u.test(value) ? undefined : Number(value);
