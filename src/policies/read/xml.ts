/** An element of an XML document; text stands among its children. */
export interface XmlElement {
  /** With its prefix as written: "w:p". */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
}

/** No document nests deeper; what does is made to exhaust its reader. */
const DEEPEST = 400;

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s<>/!?]+)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>|([^<]+)/uy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Parses the XML that office programs write: elements, attributes, text. A document type is refused, so nothing can be
 * defined that expands.
 *
 * @throws {SyntaxError} when it is not well-formed.
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  const source = decode(bytes);
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open: XmlElement[] = [root];
  let end = 0;
  const pattern = new RegExp(TOKEN);
  for (let token = pattern.exec(source); token !== null; token = pattern.exec(source)) {
    end = pattern.lastIndex;
    const parent = open.at(-1) ?? root;
    const [, characters, closing, name, attributes, empty, text] = token;
    if (text !== undefined) parent.children.push(unescaped(text));
    else if (characters !== undefined) parent.children.push(characters);
    else if (name !== undefined && closing === '/') {
      if (open.pop()?.name !== name) throw new SyntaxError('elements overlap');
    } else if (name !== undefined) {
      const element: XmlElement = { name, attributes: readAttributes(attributes ?? ''), children: [] };
      parent.children.push(element);
      if (empty !== '/' && open.push(element) > DEEPEST) throw new SyntaxError('nested too deeply');
    }
  }
  const [document, ...others] = root.children.filter((child) => typeof child !== 'string');
  if (end !== source.length || open.length !== 1 || document === undefined || others.length > 0)
    throw new SyntaxError('not well-formed');
  return document;
}

/** The elements directly below, in order. */
export const elementsOf = ({ children }: XmlElement): XmlElement[] =>
  children.filter((child): child is XmlElement => typeof child !== 'string');

/** The first element of that name along a path of names below. */
export function elementAt(from: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let element = from;
  for (const name of path) element = element && elementsOf(element).find((one) => one.name === name);
  return element;
}

/** UTF-8, or UTF-16 where a byte order mark says so. */
function decode(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (source === '') return attributes;
  for (const [, name = '', double, single] of source.matchAll(ATTRIBUTE))
    attributes[name] = unescaped(double ?? single ?? '');
  return attributes;
}

const unescaped = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/giu, (whole, hexadecimal, decimal, name) => {
        if (name !== undefined) return ENTITIES[name] ?? whole;
        const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;
