import { readdirSync, readFileSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareTemplate } from '../../../src/teams/cards/expand.js';

const folder = new URL('../../../adaptiveCards/', import.meta.url);
const templates = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]);

interface Case {
  readonly about: string;
  readonly template: object;
  readonly data: object;
}
const cases: Case[] = JSON.parse(readFileSync(new URL('../../golden/templates.json', import.meta.url), 'utf8'));

/** The template language's own library, which says what is right. */
const official = (template: object, data: object): unknown => new Template(template).expand({ $root: data });

const NAMES = /^\$\{!?([\w.]+)\}$/u;
type Data = { [name: string]: fc.Arbitrary<unknown> | Data };

/** Data of the kind that a template asks for: lists for `$data`, yes or no for `$when`, words for all else. */
function dataFor(template: unknown): fc.Arbitrary<Record<string, unknown>> {
  const wanted: Data = {};
  collect(template, wanted);
  return toArbitrary(wanted);
}

function collect(node: unknown, wanted: Data): void {
  if (typeof node === 'string')
    for (const [, name = ''] of node.matchAll(/\$\{!?([\w.]+)\}/gu)) put(wanted, name, fc.string());
  if (typeof node !== 'object' || node === null) return;
  const { $when, $data, ...rest } = node as Record<string, unknown>;
  const inner: Data = typeof $data === 'string' ? {} : wanted;
  if (typeof $when === 'string') put(inner, NAMES.exec($when)?.[1] ?? '', fc.boolean());
  for (const value of Object.values(rest)) collect(value, inner);
  if (typeof $data === 'string')
    put(wanted, NAMES.exec($data)?.[1] ?? '', fc.array(toArbitrary(inner), { maxLength: 3 }));
}

/** `a.b` is the field `b` of the object `a`. What is wanted as words and as more than words is wanted as more. */
function put(wanted: Data, path: string, value: fc.Arbitrary<unknown>): void {
  const [name = '', ...inner] = path.split('.');
  if (inner.length === 0) {
    wanted[name] ??= value;
    return;
  }
  wanted[name] ??= {};
  put(wanted[name] as Data, inner.join('.'), value);
}

const toArbitrary = (wanted: Data): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [
        name,
        'generate' in value ? (value as fc.Arbitrary<unknown>) : toArbitrary(value as Data),
      ]),
    ),
  );

describe('a template filled', () => {
  it.each(templates)('%s is what the language’s own library makes of it, whatever the data', (_name, template) => {
    const expand = prepareTemplate(template);
    fc.assert(
      fc.property(dataFor(template), (data) => {
        expect(expand(data)).toEqual(official(template, data));
      }),
      { numRuns: 40 },
    );
  });

  it.each(cases)('with $about is the same too', ({ template, data }) => {
    expect(prepareTemplate(template)(data)).toEqual(official(template, data));
  });

  it('may not ask for more than is supported', () => {
    for (const expression of ['length(a)', 'a[0]', 'a == b', '', '$root.a'])
      expect(() => prepareTemplate({ text: `\${${expression}}` })).toThrow('not supported');
  });

  it('shows nothing for what is empty within words, where the library fails', () => {
    expect(prepareTemplate(`x \${${'a'}}`)({ a: null })).toBe('x ');
  });

  it('can be changed without changing the next', () => {
    const expand = prepareTemplate({ body: [{ a: 1, c: ['fixed'] }] });
    const first = expand({}) as { body: { c: string[] }[] };
    first.body[0]?.c.push('changed');
    expect(expand({})).toEqual({ body: [{ a: 1, c: ['fixed'] }] });
  });
});
