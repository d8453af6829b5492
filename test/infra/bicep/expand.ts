import { dirname, join } from 'node:path/posix';
import { parse } from './parse.js';
import { type Block, type Expression, type Param, property, type Template, textOf } from './syntax.js';

type Values = Readonly<Record<string, unknown>>;

/** A resource as Azure would be asked for it. */
export interface Resource {
  readonly file: string;
  readonly type: string;
  readonly version: string;
  /** With the names of what it lies in: `account/default/evidence`. */
  readonly name: string;
  /** The `type name` of the resource that it is attached to. */
  readonly scope: string | undefined;
  readonly body: Values;
}

/** What only Azure knows: a property of a resource once it is there. */
export type Runtime = (type: string, property: string) => unknown;

/**
 * Works out what a deployment would ask Azure for.
 *
 * @throws where a value is missing, is not allowed, or where values go round in a circle.
 */
export function expand(files: ReadonlyMap<string, string>, entry: string, given: Values, runtime: Runtime) {
  const resources: Resource[] = [];
  const outputs = new Expansion(files, entry, given, runtime, resources).all();
  return { resources, outputs };
}

class Expansion {
  readonly #files: ReadonlyMap<string, string>;
  readonly #path: string;
  readonly #template: Template;
  readonly #given: Values;
  readonly #runtime: Runtime;
  readonly #resources: Resource[];
  readonly #known = new Map<string, unknown>();
  readonly #underWay = new Set<string>();

  constructor(files: ReadonlyMap<string, string>, path: string, given: Values, runtime: Runtime, into: Resource[]) {
    [this.#files, this.#path, this.#given, this.#runtime, this.#resources] = [files, path, given, runtime, into];
    this.#template = parse(files.get(path) ?? '');
  }

  all(): Values {
    for (const name of Object.keys(this.#given))
      if (!this.#template.params.some((param) => param.name === name)) throw new Error(`there is no parameter ${name}`);
    for (const { name } of this.#template.params) this.#named(name);
    for (const { name } of this.#template.blocks) this.#named(name);
    return Object.fromEntries(this.#template.outputs.map(({ name, value }) => [name, this.#value(value)]));
  }

  #named(name: string): unknown {
    if (this.#known.has(name)) return this.#known.get(name);
    if (this.#underWay.has(name)) throw new Error(`${this.#path}: ${name} needs itself`);
    this.#underWay.add(name);
    const value = this.#declared(name);
    this.#known.set(name, value);
    return value;
  }

  #declared(name: string): unknown {
    const { params, vars, blocks } = this.#template;
    const param = params.find((one) => one.name === name);
    if (param) return this.#param(param);
    const variable = vars.find((one) => one.name === name);
    if (variable) return this.#value(variable.value);
    const block = blocks.find((one) => one.name === name);
    if (!block) throw new Error(`${this.#path}: ${name} is not declared`);
    if (block.condition && !this.#value(block.condition)) return undefined;
    return block.kind === 'module' ? this.#module(block) : this.#resource(block);
  }

  #param({ name, type, fallback, decorators }: Param): unknown {
    const value = name in this.#given ? this.#given[name] : fallback && this.#value(fallback);
    const is = Array.isArray(value)
      ? 'array'
      : ({ number: 'int', boolean: 'bool' }[String(typeof value)] ?? typeof value);
    if (value === undefined || is !== type) throw new Error(`${this.#path}: ${name} is ${is}, not ${type}`);
    const size = typeof value === 'number' ? value : String(value).length;
    for (const decorator of decorators) {
      const limit = decorator.given[0] && this.#value(decorator.given[0]);
      const refused =
        (/^min/u.test(decorator.name) && size < Number(limit)) ||
        (/^max/u.test(decorator.name) && size > Number(limit)) ||
        (decorator.name === 'allowed' && !(Array.isArray(limit) && limit.includes(value)));
      if (refused) throw new Error(`${this.#path}: ${name} cannot be ${value}`);
    }
    return value;
  }

  #module({ reference, body }: Block): Values {
    const params = property(body, 'params');
    const given = params ? (this.#value(params) as Values) : {};
    const path = join(dirname(this.#path), reference);
    const outputs = new Expansion(this.#files, path, given, this.#runtime, this.#resources).all();
    return { outputs };
  }

  #resource(block: Block): Values {
    const [type = '', version = ''] = block.reference.split('@');
    const of = (key: string) => {
      const value = property(block.body, key);
      return value && (this.#value(value) as Values);
    };
    const [parent, scope] = [of('parent'), of('scope')];
    const own = String(this.#value(property(block.body, 'name') ?? block.body));
    const name = parent ? `${parent.fullName}/${own}` : own;
    if (block.kind === 'resource')
      this.#resources.push({
        ...{ file: this.#path, type, version, name },
        scope: scope && `${scope.type} ${scope.fullName}`,
        body: this.#object(block, ['parent', 'scope', 'dependsOn']),
      });
    return { id: `/${type}/${name}`, name: own, fullName: name, type, isResource: true };
  }

  #object({ body }: Block, without: readonly string[]): Values {
    const entries = body.entries.filter(({ key }) => !without.includes(textOf(key) ?? ''));
    return this.#value({ ...body, entries }) as Values;
  }

  #value(expression: Expression): unknown {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'text':
        return expression.parts.map((part) => (typeof part === 'string' ? part : String(this.#value(part)))).join('');
      case 'name':
        return this.#named(expression.name);
      case 'not':
        return !this.#value(expression.of);
      case 'list':
        return expression.items.map((item) => this.#value(item));
      case 'object':
        return Object.fromEntries(
          expression.entries.map(({ key, value }) => [String(this.#value(key)), this.#value(value)]),
        );
      case 'choice':
        return this.#value(expression.of[this.#value(expression.of[0]) ? 1 : 2]);
      case 'pair':
        return this.#pair(expression.operator, expression.sides);
      case 'member':
        return this.#member(expression);
      case 'call':
        return call(
          expression.name,
          expression.given.map((one) => this.#value(one)),
        );
    }
  }

  #pair(operator: string, [left, right]: readonly [Expression, Expression]): unknown {
    const [one, other] = [this.#value(left), this.#value(right)];
    if (operator === '==') return one === other;
    if (operator === '!=') return one !== other;
    if (operator === '>') return Number(one) > Number(other);
    if (operator === '&&') return Boolean(one) && Boolean(other);
    throw new Error(`${this.#path}: ${operator} is not worked out here`);
  }

  #member(expression: Extract<Expression, { kind: 'member' }>): unknown {
    const path = [expression.name];
    let of = expression.of;
    for (; of.kind === 'member'; of = of.of) path.unshift(of.name);
    const base = this.#value(of) as Values;
    if (base.isResource && path[0] === 'properties') return this.#runtime(String(base.type), path.slice(1).join('.'));
    let value: unknown = base;
    for (const name of path) value = (value as Values | undefined)?.[name];
    if (value === undefined) throw new Error(`${this.#path}: line ${expression.line}: there is no ${path.join('.')}`);
    return value;
  }
}

/** What Bicep's functions give; what depends on the subscription is told from each other, and no more. */
function call(name: string, given: readonly unknown[]): unknown {
  const [first, second] = given;
  switch (name) {
    case 'concat':
      return given.flat();
    case 'guid':
    case 'subscriptionResourceId':
      return given.join('/');
    case 'int':
      return Number(first);
    case 'json':
      return JSON.parse(String(first));
    case 'string':
      return String(first);
    case 'take':
      return String(first).slice(0, Number(second));
    case 'resourceGroup':
      return { location: 'uksouth', id: '/resourceGroups/policy-desk' };
    case 'tenant':
      return { tenantId: '99999999-8888-4777-8666-555555555555' };
    case 'uniqueString':
      return 'abcdefghijk23';
    default:
      throw new Error(`${name}() is not worked out here`);
  }
}
