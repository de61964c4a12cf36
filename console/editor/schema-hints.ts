import { getLocation, parse } from 'jsonc-parser';

/** As much of JSON Schema as `schema/destination.schema.json` uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema | Readonly<Record<string, Schema>>>>;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

export interface Hint {
  /** A member's name, or a value as JSON. */
  readonly text: string;
  readonly kind: 'member' | 'value';
  readonly title: string | undefined;
  readonly description: string | undefined;
}

/** What may stand at a place of a text that is being written; names that are there already are left out. */
export function hintsAt(schema: Schema, text: string, offset: number): readonly Hint[] {
  const { path, isAtPropertyKey } = getLocation(text, offset);
  const whole: unknown = parse(text, [], { allowTrailingComma: true });
  const parents = isAtPropertyKey ? path.slice(0, -1) : path;
  const holder = valueAt(whole, parents);
  const schemas = schemasAt(schema, whole, parents);
  return isAtPropertyKey ? members(schemas, holder, path.at(-1)) : values(schemas);

  function members(of: readonly Schema[], there: unknown, typed: unknown): readonly Hint[] {
    const found = new Map<string, Hint>();
    for (const { properties = {} } of of)
      for (const [name, member] of Object.entries(properties)) {
        if (isObject(there) && Object.hasOwn(there, name) && name !== typed) continue;
        const { title, description } = described(schema, member);
        found.set(name, { text: name, kind: 'member', title, description });
      }
    return [...found.values()];
  }
}

function values(schemas: readonly Schema[]): readonly Hint[] {
  const found = new Map<string, Hint>();
  const add = (value: unknown, { description }: Schema) => {
    const text = JSON.stringify(value);
    found.set(text, { text, kind: 'value', title: undefined, description });
  };
  for (const each of schemas) {
    for (const value of each.enum ?? []) add(value, {});
    if (each.const !== undefined) add(each.const, each);
    if (each.type === 'boolean') for (const value of [true, false]) add(value, {});
  }
  return [...found.values()];
}

/** Every schema that the value at the path must, or may, agree with. */
function schemasAt(root: Schema, whole: unknown, path: readonly (string | number)[]): readonly Schema[] {
  let value: unknown = whole;
  let schemas = spread(root, root, value);
  for (const step of path) {
    value = isObject(value) ? value[step] : undefined;
    const inner = value;
    schemas = schemas.flatMap((schema) => {
      const next = nextOf(schema, step);
      return next === undefined ? [] : spread(root, next, inner);
    });
  }
  return schemas;
}

function nextOf(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema.items;
  const member = schema.properties?.[step];
  if (member !== undefined) return member;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

const deepest = 12;

/** A schema with all that it refers to and is put together of, as far as it applies to the value. */
function spread(root: Schema, schema: Schema, value: unknown, depth = 0): readonly Schema[] {
  if (depth > deepest) return [];
  const also = [
    ...(schema.$ref === undefined ? [] : [referred(root, schema.$ref)]),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(schema.if === undefined ? [] : [applies(schema.if, value) ? schema.then : schema.else]),
  ].filter((each) => each !== undefined);
  return [schema, ...also.flatMap((each) => spread(root, each, value, depth + 1))];
}

function referred(root: Schema, reference: string): Schema | undefined {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), root);
  return isObject(found) ? (found as Schema) : undefined;
}

/** Conditions of our schema are about members with certain values. */
function applies({ properties = {} }: Schema, value: unknown): boolean {
  return Object.entries(properties).every(([name, member]) => {
    const there = isObject(value) ? value[name] : undefined;
    return member.enum?.includes(there) ?? (member.const === undefined || member.const === there);
  });
}

function described(root: Schema, schema: Schema): Pick<Schema, 'title' | 'description'> {
  if (schema.description !== undefined || schema.$ref === undefined) return schema;
  return referred(root, schema.$ref) ?? {};
}

function valueAt(whole: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), whole);
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
