/** What stands for a value. */
export type Expression =
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[]; readonly line: number }
  | { readonly kind: 'literal'; readonly value: number | boolean | null; readonly line: number }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly line: number }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[]; readonly line: number }
  | { readonly kind: 'not'; readonly of: Expression; readonly line: number }
  | {
      readonly kind: 'pair';
      readonly operator: string;
      readonly sides: readonly [Expression, Expression];
      readonly line: number;
    }
  | { readonly kind: 'choice'; readonly of: readonly [Expression, Expression, Expression]; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly line: number }
  | BicepObject;

export interface BicepObject {
  readonly kind: 'object';
  readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
  readonly line: number;
}

/** `@name(…)` before a declaration. */
export interface Decorator {
  readonly name: string;
  readonly given: readonly Expression[];
}

export interface Param {
  readonly name: string;
  readonly type: string;
  readonly fallback: Expression | undefined;
  readonly decorators: readonly Decorator[];
  readonly line: number;
}

/** A resource, one that is there already (`existing`), or a module (`path` instead of a type). */
export interface Block {
  readonly kind: 'resource' | 'existing' | 'module';
  readonly name: string;
  /** A resource's `Type@version`, a module's path. */
  readonly reference: string;
  readonly condition: Expression | undefined;
  readonly body: BicepObject;
  readonly line: number;
}

export interface Output {
  readonly name: string;
  readonly type: string;
  readonly value: Expression;
  readonly line: number;
}

export interface Template {
  readonly scope: string | undefined;
  readonly params: readonly Param[];
  readonly vars: readonly { readonly name: string; readonly value: Expression; readonly line: number }[];
  readonly blocks: readonly Block[];
  readonly outputs: readonly Output[];
}

/** The value of a property, where the object has it under a plain name. */
export const property = (object: BicepObject, name: string): Expression | undefined =>
  object.entries.find(({ key }) => textOf(key) === name)?.value;

/** The text of a string into which nothing is put. */
export function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind !== 'text' || expression.parts.length !== 1) return undefined;
  return typeof expression.parts[0] === 'string' ? expression.parts[0] : undefined;
}

/** What an expression is made of, itself first. */
export function* within(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* within(part);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'text':
      return expression.parts.filter((part) => typeof part !== 'string');
    case 'member':
    case 'not':
      return [expression.of];
    case 'call':
      return expression.given;
    case 'pair':
      return expression.sides;
    case 'choice':
      return expression.of;
    case 'list':
      return expression.items;
    case 'object':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    default:
      return [];
  }
}

/** Every expression of a template, with all that it is made of. */
export function* expressionsIn({ params, vars, blocks, outputs }: Template): Generator<Expression> {
  const all = [
    ...params.flatMap(({ fallback, decorators }) => [fallback, ...decorators.flatMap(({ given }) => given)]),
    ...[...vars, ...outputs].map(({ value }) => value),
    ...blocks.flatMap(({ condition, body }) => [condition, body]),
  ];
  for (const expression of all) if (expression) yield* within(expression);
}
