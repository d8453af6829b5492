import { dirname, join } from 'node:path/posix';
import { faultsBetween } from './between.js';
import { parse } from './parse.js';
import {
  type Block,
  type Expression,
  expressionsIn,
  type Output,
  type Param,
  property,
  type Template,
  textOf,
} from './syntax.js';

/** Bicep's functions that are used here: what they give, and how many values they are given. */
export const FUNCTIONS: Readonly<Record<string, readonly [type: string, fewest: number, most: number]>> = {
  concat: ['array', 1, 9],
  guid: ['string', 1, 9],
  int: ['int', 1, 1],
  json: ['any', 1, 1],
  resourceGroup: ['object', 0, 0],
  string: ['string', 1, 1],
  subscriptionResourceId: ['string', 2, 9],
  take: ['string', 2, 2],
  tenant: ['object', 0, 0],
  uniqueString: ['string', 1, 9],
};
const DECORATORS = ['description', 'minLength', 'maxLength', 'minValue', 'maxValue', 'allowed'];
const RESOURCE_KEYS = ['name', 'location', 'kind', 'sku', 'identity', 'properties', 'parent', 'scope', 'dependsOn'];
const KEYS = {
  resource: RESOURCE_KEYS,
  existing: ['name', 'parent', 'scope'],
  module: ['name', 'params', 'dependsOn'],
};
const TYPE = /^(Microsoft\.[A-Za-z.]+(?:\/[A-Za-z]+)+)@\d{4}-\d{2}-\d{2}(?:-preview)?$/u;
const OF_A_RESOURCE = ['id', 'name', 'properties'];

/** What is wrong with templates by themselves: names, parameters, modules and outputs that do not fit together. */
export function faultsIn(files: ReadonlyMap<string, string>, entry: string): string[] {
  const faults: string[] = [];
  const templates = new Map<string, Template>();
  for (const [path, source] of files) {
    try {
      templates.set(path, parse(source));
    } catch (error) {
      faults.push(`${path}: ${error instanceof Error ? error.message : error}`);
    }
  }
  for (const [path, template] of templates) {
    const say = (line: number, fault: string) => faults.push(`${path}: line ${line}: ${fault}`);
    new Check(path, template, templates, say).all();
  }
  return [...faults, ...faultsBetween(templates, entry)];
}

type Say = (line: number, fault: string) => unknown;

class Check {
  readonly #path: string;
  readonly #template: Template;
  readonly #templates: ReadonlyMap<string, Template>;
  readonly #say: Say;

  constructor(path: string, template: Template, templates: ReadonlyMap<string, Template>, say: Say) {
    [this.#path, this.#template, this.#templates, this.#say] = [path, template, templates, say];
  }

  all(): void {
    this.#names();
    for (const param of this.#template.params) this.#param(param);
    for (const block of this.#template.blocks) this.#block(block);
    for (const { name, type, value, line } of this.#template.outputs) this.#fits(type, value, line, `output ${name}`);
  }

  #names(): void {
    const { params, vars, blocks } = this.#template;
    const declared = new Map<string, number>();
    for (const { name, line } of [...params, ...vars, ...blocks]) {
      if (declared.has(name)) this.#say(line, `${name} is declared twice`);
      declared.set(name, line);
    }
    const used = new Set<string>();
    for (const expression of expressionsIn(this.#template)) {
      if (expression.kind === 'name') {
        used.add(expression.name);
        if (!declared.has(expression.name)) this.#say(expression.line, `${expression.name} is not declared`);
      }
      if (expression.kind === 'call') this.#call(expression);
      if (expression.kind === 'member') this.#member(expression);
    }
    for (const { name, line } of [...params, ...vars]) if (!used.has(name)) this.#say(line, `${name} is never used`);
  }

  #call({ name, given, line }: Extract<Expression, { kind: 'call' }>): void {
    const [, fewest, most] = FUNCTIONS[name] ?? [];
    if (fewest === undefined || most === undefined) this.#say(line, `${name}() is no function`);
    else if (given.length < fewest || given.length > most) this.#say(line, `${name}() is given ${given.length} values`);
  }

  #member({ of, name, line }: Extract<Expression, { kind: 'member' }>): void {
    if (of.kind === 'name') {
      const block = this.#blockCalled(of.name);
      if (block?.kind === 'module' && name !== 'outputs')
        this.#say(line, `${of.name}.${name}: a module has outputs only`);
      if (block && block.kind !== 'module' && !OF_A_RESOURCE.includes(name))
        this.#say(line, `${of.name}.${name}: a resource has ${OF_A_RESOURCE.join(', ')}`);
    }
    const from = this.#moduleWhoseOutputs(of);
    if (!from) return;
    if (from.condition) this.#say(line, `${from.name}.outputs.${name}: the module may not be there`);
    if (!this.#outputOf(from, name)) this.#say(line, `${from.name} has no output ${name}`);
  }

  #param({ name, type, fallback, decorators, line }: Param): void {
    for (const decorator of decorators) {
      if (!DECORATORS.includes(decorator.name)) this.#say(line, `@${decorator.name} is not known`);
      if (decorator.given.length !== 1) this.#say(line, `@${decorator.name} takes one value`);
    }
    if (fallback) this.#fits(type, fallback, line, `parameter ${name}`);
  }

  #block(block: Block): void {
    const { kind, name, reference, body, line } = block;
    for (const { key } of body.entries) {
      const word = textOf(key) ?? '';
      if (!KEYS[kind].includes(word)) this.#say(key.line, `${name} cannot have ${word}`);
    }
    if (!property(body, 'name')) this.#say(line, `${name} has no name`);
    const depends = property(body, 'dependsOn');
    for (const item of depends?.kind === 'list' ? depends.items : [])
      if (item.kind !== 'name' || !this.#blockCalled(item.name))
        this.#say(item.line, `${name} depends on what is no resource`);
    if (kind === 'module') this.#module(block);
    else if (!TYPE.test(reference)) this.#say(line, `${reference} is no type with a version`);
    else this.#place(block);
  }

  /** A child lies in a resource of the type that its own type begins with. */
  #place({ name, reference, body, line }: Block): void {
    const [type = ''] = reference.split('@');
    const parent = property(body, 'parent');
    const expected = type.split('/').slice(0, -1).join('/');
    if (!parent && expected.includes('/')) this.#say(line, `${name} has no parent`);
    for (const [key, value] of [
      ['parent', parent],
      ['scope', property(body, 'scope')],
    ] as const) {
      const target = value?.kind === 'name' ? this.#blockCalled(value.name) : undefined;
      if (value && (!target || target.kind === 'module')) this.#say(line, `the ${key} of ${name} is no resource`);
      if (key === 'parent' && target && target.reference.split('@')[0] !== expected)
        this.#say(line, `${name} cannot lie in ${target.name}`);
    }
  }

  #module(block: Block): void {
    const { name, reference, body, line } = block;
    const target = this.#templates.get(join(dirname(this.#path), reference));
    if (!target) return void this.#say(line, `${reference} is no file here`);
    const params = property(body, 'params');
    const given = params?.kind === 'object' ? params.entries : [];
    for (const { key, value } of given) {
      const param = target.params.find((one) => one.name === textOf(key));
      if (param) this.#fits(param.type, value, key.line, `parameter ${param.name} of ${name}`);
      else this.#say(key.line, `${name} has no parameter ${textOf(key)}`);
    }
    for (const param of target.params)
      if (!param.fallback && !given.some(({ key }) => textOf(key) === param.name))
        this.#say(line, `${name} is not given ${param.name}`);
  }

  #fits(type: string, value: Expression, line: number, what: string): void {
    const actual = this.#typeOf(value);
    if (actual !== 'any' && actual !== type) this.#say(line, `${what} is ${type}, and is given ${actual}`);
  }

  #typeOf(value: Expression): string {
    switch (value.kind) {
      case 'text':
        return 'string';
      case 'list':
        return 'array';
      case 'object':
        return 'object';
      case 'not':
        return 'bool';
      case 'call':
        return FUNCTIONS[value.name]?.[0] ?? 'any';
      case 'pair':
        return '+-'.includes(value.operator) ? 'int' : 'bool';
      case 'choice':
        return this.#typeOf(value.of[1]);
      case 'literal':
        return typeof value.value === 'number' ? 'int' : typeof value.value === 'boolean' ? 'bool' : 'any';
      case 'name':
        return this.#typeOfName(value.name);
      case 'member':
        return this.#typeOfMember(value);
    }
  }

  #typeOfName(name: string): string {
    const param = this.#template.params.find((one) => one.name === name);
    const variable = this.#template.vars.find((one) => one.name === name);
    return param?.type ?? (variable ? this.#typeOf(variable.value) : 'any');
  }

  #typeOfMember({ of, name }: Extract<Expression, { kind: 'member' }>): string {
    const from = this.#moduleWhoseOutputs(of);
    if (from) return this.#outputOf(from, name)?.type ?? 'any';
    return of.kind === 'name' && (name === 'id' || name === 'name') ? 'string' : 'any';
  }

  #moduleWhoseOutputs(of: Expression): Block | undefined {
    if (of.kind !== 'member' || of.name !== 'outputs' || of.of.kind !== 'name') return undefined;
    const block = this.#blockCalled(of.of.name);
    return block?.kind === 'module' ? block : undefined;
  }

  #outputOf({ reference }: Block, name: string): Output | undefined {
    return this.#templates.get(join(dirname(this.#path), reference))?.outputs.find((one) => one.name === name);
  }

  #blockCalled(name: string): Block | undefined {
    return this.#template.blocks.find((block) => block.name === name);
  }
}
