import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod/v4';
import type { Resource } from './bicep/expand.js';

const reference = z.object({ $ref: z.string() }).transform(({ $ref }) => Number($ref.split('/').at(-1)));
const fields = z.record(z.string(), z.object({ type: reference, flags: z.number().default(0) }));
/** As the repository Azure/bicep-types-az writes a type, as far as it is looked at here. */
const published = z.object({
  $type: z.string(),
  name: z.string().optional(),
  body: reference.optional(),
  properties: fields.optional(),
  baseProperties: fields.optional(),
  discriminator: z.string().optional(),
  additionalProperties: reference.optional(),
  itemType: reference.optional(),
  value: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minValue: z.number().optional(),
  maxValue: z.number().optional(),
  elements: z.union([z.array(reference), z.record(z.string(), reference)]).optional(),
});
type Published = z.infer<typeof published>;

const [REQUIRED, READ_ONLY] = [1, 2];

/** The published types of resources, from the folder `generated` of a copy of Azure/bicep-types-az. */
export class PublishedTypes {
  readonly #folder: string;
  readonly #files = new Map<string, readonly Published[]>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What of a resource is not as it is published. */
  faultsIn({ type, version, body, file }: Resource): string[] {
    const faults: string[] = [];
    for (const types of this.#filesOf(type, version)) {
      const resource = types.find(({ $type, name }) => $type === 'ResourceType' && name === `${type}@${version}`);
      const say = (where: string, fault: string) => faults.push(`${file}: ${type}${where}: ${fault}`);
      if (!resource) continue;
      new Comparison(types, say).resource(resource, body);
      return faults;
    }
    return [`${file}: ${type}@${version} is not published`];
  }

  /** A provider's types of one version lie in one file, or in several of different origin. */
  #filesOf(type: string, version: string): (readonly Published[])[] {
    const provider = type.split('/')[0]?.toLowerCase();
    return readdirSync(this.#folder)
      .map((origin) => `${this.#folder}/${origin}/${provider}/${version}/types.json`)
      .filter((path) => existsSync(path))
      .map((path) => this.#file(path));
  }

  #file(path: string): readonly Published[] {
    const known = this.#files.get(path) ?? z.array(published).parse(JSON.parse(readFileSync(path, 'utf8')));
    this.#files.set(path, known);
    return known;
  }
}

class Comparison {
  readonly #types: readonly Published[];
  readonly #say: (where: string, fault: string) => unknown;

  constructor(types: readonly Published[], say: (where: string, fault: string) => unknown) {
    [this.#types, this.#say] = [types, say];
  }

  resource({ body: type }: Published, body: unknown): void {
    this.#value(this.#type(type), body, '');
  }

  #type(at: number | undefined): Published {
    const type = this.#types[at ?? -1];
    if (!type) throw new Error('The published types refer to one that is not there.');
    return type;
  }

  #value(type: Published, value: unknown, where: string): void {
    switch (type.$type) {
      case 'AnyType':
        return;
      case 'UnionType':
        this.#union(type, value, where);
        return;
      case 'ArrayType':
        if (!Array.isArray(value)) this.#say(where, 'is no list');
        else for (const [at, item] of value.entries()) this.#value(this.#type(type.itemType), item, `${where}.${at}`);
        return;
      case 'ObjectType':
      case 'DiscriminatedObjectType':
        this.#object(type, value, where);
        return;
      default:
        if (!isPlain(type, value)) this.#say(where, `${JSON.stringify(value)} is no ${type.value ?? type.$type}`);
    }
  }

  #union(type: Published, value: unknown, where: string): void {
    const elements = Array.isArray(type.elements) ? type.elements.map((one) => this.#type(one)) : [];
    // Where any string will do, those that are known are listed as well: one that is not listed is a slip.
    const listed = elements.filter(({ $type }) => $type === 'StringLiteralType');
    const choices = listed.length > 0 && typeof value === 'string' ? listed : elements;
    if (!choices.some((one) => isPlain(one, value)))
      this.#say(
        where,
        `${JSON.stringify(value)} is none of ${choices.map((one) => one.value ?? one.$type).join(', ')}`,
      );
  }

  #object(type: Published, value: unknown, where: string): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return void this.#say(where, 'is no object');
    const known = { ...type.baseProperties, ...type.properties, ...this.#chosen(type, value) };
    for (const [name, { flags }] of Object.entries(known))
      if (flags & REQUIRED && !(flags & READ_ONLY) && !(name in value) && !(where === '' && name === 'name'))
        this.#say(where, `${name} is missing`);
    for (const [name, inner] of Object.entries(value)) {
      const property = known[name];
      const place = `${where}.${name}`;
      if (property && property.flags & READ_ONLY && place !== '.name') this.#say(place, 'is for Azure to say');
      // A child's name is told with its parents' names.
      if (property && place !== '.name') this.#value(this.#type(property.type), inner, place);
      else if (!property && type.additionalProperties !== undefined)
        this.#value(this.#type(type.additionalProperties), inner, place);
      else if (!property) this.#say(place, 'is not published');
    }
  }

  /** What the value of one property decides on. */
  #chosen({ discriminator, elements }: Published, value: object): Published['properties'] {
    if (!discriminator || !elements || Array.isArray(elements)) return {};
    const at = elements[String(Reflect.get(value, discriminator))];
    return at === undefined ? {} : this.#type(at).properties;
  }
}

/** Whether a value that is neither list nor object is of a type. */
function isPlain({ $type, value: literal, ...limits }: Published, value: unknown): boolean {
  const { pattern, minLength = 0, maxLength = Infinity, minValue = -Infinity, maxValue = Infinity } = limits;
  if ($type === 'StringLiteralType') return value === literal;
  if ($type === 'BooleanType') return typeof value === 'boolean';
  if ($type === 'IntegerType') return typeof value === 'number' && value >= minValue && value <= maxValue;
  if ($type !== 'StringType') return false;
  if (typeof value !== 'string' || value.length < minLength || value.length > maxLength) return false;
  return pattern === undefined || new RegExp(pattern, 'u').test(value);
}
