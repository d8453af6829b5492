import { elementAt, elementsOf, type XmlElement } from './xml.js';

/** One level of a list as defined: how its number is written and where it starts. */
interface Level {
  readonly start: number;
  readonly format: string;
  /** "%1.%2" with the numbers of the levels put in; for bullets the sign itself. */
  readonly text: string;
  /** Distance from the margin in twentieths of a point. */
  readonly indent: number | undefined;
  /** The paragraph style that belongs to this level. */
  readonly styleId: string | undefined;
  readonly plainFigures: boolean;
}

interface List {
  /** Lists of one definition count on from one another. */
  readonly definition: string;
  readonly levels: ReadonlyMap<number, Level>;
  /** Levels that start afresh with this list. */
  readonly restarts: ReadonlyMap<number, number>;
}

/** What Word prints before a paragraph. */
export interface Printed {
  /** "4.", "4.2", "(a)"; "•" for every bullet; empty where the level prints nothing. */
  readonly marker: string;
  readonly bulleted: boolean;
  /** Distance from the margin in twentieths of a point, where the level sets one. */
  readonly indent: number | undefined;
}

/** Counts through a document as Word does; to be asked once for each numbered paragraph, in order. */
export interface Numbering {
  readonly next: (listId: string, level: number | undefined, styleId: string | undefined) => Printed | undefined;
}

const DEEPEST_LEVEL = 8;

/** Reads `word/numbering.xml` (ECMA-376 part 1, §17.9). Without it nothing is numbered. */
export function readNumbering(numbering: XmlElement | undefined, stylesXml: XmlElement | undefined): Numbering {
  const lists = readLists(numbering, stylesXml);
  const counters = new Map<string, number[]>();
  const begun = new Set<string>();
  const next: Numbering['next'] = (listId, givenLevel, styleId) => {
    const list = lists.get(listId);
    const at = Math.min(DEEPEST_LEVEL, givenLevel ?? levelOfStyle(list, styleId));
    const level = list?.levels.get(at);
    if (!list || !level) return undefined;
    const counts = counters.get(list.definition) ?? [];
    counters.set(list.definition, counts);
    if (!begun.has(listId)) for (const [one, start] of list.restarts) counts[one] = start - 1;
    begun.add(listId);
    for (let above = 0; above < at; above += 1) counts[above] ??= list.levels.get(above)?.start ?? 1;
    counts[at] = (counts[at] ?? level.start - 1) + 1;
    counts.length = at + 1;
    return { ...print(level, list, counts), indent: level.indent };
  };
  return { next };
}

const levelOfStyle = (list: List | undefined, styleId: string | undefined): number =>
  [...(list?.levels ?? [])].find(([, level]) => styleId !== undefined && level.styleId === styleId)?.[0] ?? 0;

function print(level: Level, list: List, counts: readonly number[]): { marker: string; bulleted: boolean } {
  if (level.format === 'bullet') return { marker: level.text.trim() === '' ? '' : '•', bulleted: true };
  const marker = level.text.replace(/%(\d)/gu, (_, digit: string) => {
    const at = Number(digit) - 1;
    const format = level.plainFigures ? 'decimal' : (list.levels.get(at)?.format ?? 'decimal');
    return written(counts[at] ?? list.levels.get(at)?.start ?? 1, format);
  });
  return { marker: marker.trim(), bulleted: false };
}

function written(count: number, format: string): string {
  switch (format) {
    case 'lowerLetter':
      return letters(count).toLowerCase();
    case 'upperLetter':
      return letters(count);
    case 'lowerRoman':
      return roman(count).toLowerCase();
    case 'upperRoman':
      return roman(count);
    case 'decimalZero':
      return String(count).padStart(2, '0');
    case 'none':
      return '';
    default:
      return String(count);
  }
}

/** Word counts A to Z, then AA, BB, CC. */
const letters = (count: number): string =>
  String.fromCharCode(65 + ((count - 1) % 26)).repeat(Math.min(10, Math.floor((count - 1) / 26) + 1));

const ROMAN: readonly (readonly [number, string])[] = [
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function roman(count: number): string {
  let left = Math.min(count, 999);
  return ROMAN.map(([value, sign]) => {
    const times = Math.floor(left / value);
    left -= times * value;
    return sign.repeat(Math.max(0, times));
  }).join('');
}

function readLists(numbering: XmlElement | undefined, stylesXml: XmlElement | undefined): Map<string, List> {
  const children = numbering ? elementsOf(numbering) : [];
  const definitions = new Map(
    children.filter(({ name }) => name === 'w:abstractNum').map((one) => [one.attributes['w:abstractNumId'], one]),
  );
  const nums = children.filter(({ name }) => name === 'w:num');
  const lists = new Map<string, List>();
  for (const num of nums) {
    const id = num.attributes['w:numId'];
    const named = elementAt(num, 'w:abstractNumId')?.attributes['w:val'];
    const definition = linked(named, definitions, nums, stylesXml);
    if (id === undefined || definition === undefined) continue;
    const levels = readLevels(definitions.get(definition));
    const restarts = new Map<number, number>();
    for (const override of elementsOf(num).filter(({ name }) => name === 'w:lvlOverride')) {
      const at = Number(override.attributes['w:ilvl']);
      for (const [one, level] of readLevels(override)) levels.set(one, level);
      const start = elementAt(override, 'w:startOverride')?.attributes['w:val'];
      if (start !== undefined) restarts.set(at, Number(start));
    }
    lists.set(id, { definition, levels, restarts });
  }
  return lists;
}

/** A definition may stand for that of a list style: `w:numStyleLink` names the style, which names a list, which names the definition. */
function linked(
  id: string | undefined,
  definitions: ReadonlyMap<string | undefined, XmlElement>,
  nums: readonly XmlElement[],
  stylesXml: XmlElement | undefined,
): string | undefined {
  const styleId = elementAt(definitions.get(id), 'w:numStyleLink')?.attributes['w:val'];
  if (styleId === undefined || stylesXml === undefined) return id;
  const style = elementsOf(stylesXml).find(({ attributes }) => attributes['w:styleId'] === styleId);
  const numId = elementAt(style, 'w:pPr', 'w:numPr', 'w:numId')?.attributes['w:val'];
  const num = nums.find(({ attributes }) => attributes['w:numId'] === numId);
  return elementAt(num, 'w:abstractNumId')?.attributes['w:val'] ?? id;
}

function readLevels(parent: XmlElement | undefined): Map<number, Level> {
  const levels = (parent ? elementsOf(parent) : []).filter(({ name }) => name === 'w:lvl');
  return new Map(
    levels.map((level) => {
      const value = (...path: string[]) => elementAt(level, ...path)?.attributes['w:val'];
      const indent = elementAt(level, 'w:pPr', 'w:ind')?.attributes;
      const left = Number(indent?.['w:left'] ?? indent?.['w:start'] ?? Number.NaN);
      return [
        Number(level.attributes['w:ilvl']),
        {
          start: Number(value('w:start') ?? 1),
          format: value('w:numFmt') ?? 'decimal',
          text: value('w:lvlText') ?? '',
          indent: Number.isNaN(left) ? undefined : left,
          styleId: value('w:pStyle'),
          plainFigures: elementAt(level, 'w:isLgl') !== undefined,
        },
      ] as const;
    }),
  );
}
