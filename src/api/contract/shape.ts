import type { JsonObject } from '../../core/json.ts';

/**
 * What a JSON value looks like, told once: its JSON Schema, and `Of<typeof shape>` is its type. A named shape stands
 * among the components of the API's description.
 */
export interface Shape<T> {
  readonly schema: JsonObject;
  /** The named shapes inside it. */
  readonly components: Readonly<Record<string, JsonObject>>;
  /** Never there: carries the type. */
  readonly type?: T;
}

/** The type of the values of a shape. */
export type Of<S> = S extends Shape<infer T> ? T : never;

type Shapes = Readonly<Record<string, Shape<unknown>>>;

type Members<R extends Shapes, O extends Shapes> = { readonly [K in keyof R]: Of<R[K]> } & {
  readonly [K in keyof O]?: Of<O[K]>;
};

export function text(description: string): Shape<string> {
  return leaf({ type: 'string', description });
}

export function number(description: string): Shape<number> {
  return leaf({ type: 'number', description });
}

export function count(description: string): Shape<number> {
  return leaf({ type: 'integer', minimum: 0, description });
}

/** A point in time. */
export function time(description: string): Shape<number> {
  return leaf({ type: 'number', description: `${description} Unix milliseconds.` });
}

export function flag(description: string): Shape<boolean> {
  return leaf({ type: 'boolean', description });
}

export function choice<const C extends readonly string[]>(choices: C, description: string): Shape<C[number]> {
  return leaf({ type: 'string', enum: choices, description });
}

/** Any JSON value. */
export function anything(description: string): Shape<unknown> {
  return leaf({ description });
}

/** An object whose members have these shapes, and no others. */
export function object<R extends Shapes, O extends Shapes = Readonly<Record<never, never>>>(
  required: R,
  optional?: O,
): Shape<Members<R, O>> {
  const all: Shapes = { ...required, ...optional };
  const properties = Object.fromEntries(Object.entries(all).map(([name, { schema }]) => [name, schema]));
  return {
    schema: { type: 'object', properties, required: Object.keys(required), additionalProperties: false },
    components: componentsOf(Object.values(all)),
  };
}

export function list<T>(items: Shape<T>, description?: string): Shape<readonly T[]> {
  const schema = { type: 'array', items: items.schema, ...(description !== undefined && { description }) };
  return { schema, components: items.components };
}

/** An object with members of any name, of one shape. */
export function record<T>(values: Shape<T>, description: string): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: 'object', additionalProperties: values.schema, description },
    components: values.components,
  };
}

export function named<T>(name: string, shape: Shape<T>): Shape<T> {
  return {
    schema: { $ref: `#/components/schemas/${name}` },
    components: { ...shape.components, [name]: shape.schema },
  };
}

/** A shape by the name of one that it stands in itself, or that is told elsewhere. */
export function reference<T>(name: string): Shape<T> {
  return { schema: { $ref: `#/components/schemas/${name}` }, components: {} };
}

function leaf<T>(schema: JsonObject): Shape<T> {
  return { schema, components: {} };
}

function componentsOf(shapes: readonly Shape<unknown>[]): Readonly<Record<string, JsonObject>> {
  return Object.assign({}, ...shapes.map(({ components }) => components)) as Readonly<Record<string, JsonObject>>;
}
