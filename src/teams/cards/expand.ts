/** Fills a template with data; the result shares nothing with the template that could be changed. */
export type Expand = (data: unknown) => unknown;

const EXPRESSION = /\$\{([^}]*)\}/gu;
const PATH = /^(!?)([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)$/u;

/** Says that an object, or what would have taken its place, is left out. */
const LEFT_OUT = null;

/**
 * Prepares a template of the Adaptive Cards template language, as far as our cards use it: `${name}`, `${name.inner}` and
 * `${!name}`, alone or within words, and `$when` and `$data` of one of these. The language's own library evaluates a tree of
 * objects for each name, which takes longer than all else that is done for an answer's card.
 *
 * @throws when an expression is of another form.
 */
export function prepareTemplate(node: unknown): Expand {
  if (typeof node === 'string') return prepareText(node);
  if (Array.isArray(node)) return prepareList(node);
  if (typeof node === 'object' && node !== null) return prepareObject(node as Record<string, unknown>);
  return () => node;
}

/** A string that is one expression takes on the type of its value; else values become part of the words. */
function prepareText(text: string): Expand {
  const found = [...text.matchAll(EXPRESSION)];
  const [first] = found;
  if (first === undefined) return () => text;
  if (first[0] === text) return prepareExpression(first[1] ?? '');
  const values = found.map(([, expression = '']) => prepareExpression(expression));
  const words = text.split(/\$\{[^}]*\}/u);
  return (data) => words.map((part, at) => `${part}${at < values.length ? (values[at]?.(data) ?? '') : ''}`).join('');
}

function prepareExpression(expression: string): Expand {
  const [, not, path] = PATH.exec(expression) ?? [];
  if (path === undefined) throw new Error(`A card's template has an expression that is not supported: ${expression}`);
  const names = path.split('.');
  const valueIn = (data: unknown) => names.reduce<unknown>((value, name) => fieldOf(value, name), data);
  if (not) return (data) => !isTrue(valueIn(data));
  return (data) => {
    const value = valueIn(data);
    // What is missing stays to be seen, and tests look for it.
    return value === undefined ? `\${${path}}` : value;
  };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/** As the template language has it: all is true but `false` and what is missing. */
const isTrue = (value: unknown): boolean => value !== false && value !== undefined && value !== null;

/** What is left out of a list leaves no gap, and what is repeated takes as many places. */
function prepareList(list: readonly unknown[]): Expand {
  const items = list.map(prepareTemplate);
  return (data) => {
    const filled: unknown[] = [];
    for (const expand of items) {
      const item = expand(data);
      if (Array.isArray(item)) filled.push(...item);
      else if (item !== LEFT_OUT) filled.push(item);
    }
    return filled;
  };
}

function prepareObject({ $when, $data, ...fields }: Record<string, unknown>): Expand {
  const shown = $when === undefined ? () => true : prepareTemplate($when);
  const inner = $data === undefined ? undefined : prepareTemplate($data);
  const prepared = Object.entries(fields).map(([name, value]) => [name, prepareTemplate(value)] as const);
  const fill: Expand = (data) => {
    if (shown(data) !== true) return LEFT_OUT;
    const filled: Record<string, unknown> = {};
    for (const [name, expand] of prepared) filled[name] = expand(data);
    return filled;
  };
  if (inner === undefined) return fill;
  return (data) => {
    const context = inner(data);
    if (!Array.isArray(context)) return fill(context);
    const filled = context.map(fill).filter((object) => object !== LEFT_OUT);
    return filled.length > 1 ? filled : (filled[0] ?? LEFT_OUT);
  };
}
