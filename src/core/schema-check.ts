import { isObject, type JsonObject } from './json.ts';

/** The first thing that is wrong with a value, in the order in which ajv finds it. */
export interface SchemaFault {
  /** The members and items that lead to it. */
  readonly path: readonly string[];
  /** The member that is required there and absent; absent: what is there is wrong. */
  readonly missing?: string;
}

/** Undefined: the value is as its schema says. */
export type SchemaCheck = (value: unknown) => SchemaFault | undefined;

/**
 * Checks values by a JSON Schema of ours: by what we use of the language, as ajv does. Loading ajv and having it write
 * code for our schemas took a tenth of a second of each start, and what it knows beyond this is needed only to say what
 * is wrong with a file.
 *
 * @throws Error on a keyword or a type that it doesn't know.
 */
export function schemaCheck(schema: JsonObject): SchemaCheck {
  const unknown = Object.keys(schema).find((keyword) => !Object.hasOwn(keywords, keyword) && !annotations.has(keyword));
  if (unknown !== undefined) throw new Error(`a schema says "${unknown}", which is not checked`);
  const checks = Object.entries(keywords).flatMap(([keyword, checkOf]) =>
    schema[keyword] === undefined ? [] : [checkOf(schema[keyword], schema)],
  );
  const [first, second, ...more] = checks;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  if (more.length === 0) return (value) => first(value) ?? second(value);
  return (value) => {
    for (const check of checks) {
      const fault = check(value);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

const annotations: ReadonlySet<string> = new Set(['$schema', 'title', 'description', 'examples', 'default']);

const here: SchemaFault = { path: [] };

const inside = (key: string, fault: SchemaFault): SchemaFault => ({ ...fault, path: [key, ...fault.path] });

type Test = (value: unknown) => boolean;

const types: Readonly<Record<string, Test>> = {
  string: (value) => typeof value === 'string',
  number: Number.isFinite,
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  array: Array.isArray,
  null: (value) => value === null,
};

function typeTest(name: unknown): Test {
  const test = Object.hasOwn(types, String(name)) ? types[String(name)] : undefined;
  if (test === undefined) throw new Error(`"${String(name)}" is no type`);
  return test;
}

const unless =
  (passes: Test): SchemaCheck =>
  (value) =>
    passes(value) ? undefined : here;

function bound(is: (number: number, limit: number) => boolean): CheckOf {
  return (limit) => unless((value) => typeof value !== 'number' || is(value, Number(limit)));
}

/** Characters, not the halves of those that UTF-16 writes as two. */
function textLength(is: (length: number, limit: number) => boolean): CheckOf {
  return (limit) => unless((value) => typeof value !== 'string' || is([...value].length, Number(limit)));
}

function listLength(is: (length: number, limit: number) => boolean): CheckOf {
  return (limit) => unless((value) => !Array.isArray(value) || is(value.length, Number(limit)));
}

const atLeast = (number: number, limit: number) => number >= limit;
const atMost = (number: number, limit: number) => number <= limit;

type CheckOf = (said: unknown, schema: JsonObject) => SchemaCheck;

/** In the order in which ajv looks at them. */
const keywords: Readonly<Record<string, CheckOf>> = {
  type(said) {
    if (!Array.isArray(said)) return unless(typeTest(said));
    const tests = said.map(typeTest);
    return unless((value) => tests.some((test) => test(value)));
  },
  maximum: bound(atMost),
  minimum: bound(atLeast),
  exclusiveMinimum: bound((number, limit) => number > limit),
  maxLength: textLength(atMost),
  minLength: textLength(atLeast),
  pattern(said) {
    const pattern = new RegExp(String(said), 'u');
    return unless((value) => typeof value !== 'string' || pattern.test(value));
  },
  const: (said) => unless((value) => value === said),
  enum(said) {
    const choices: ReadonlySet<unknown> = new Set([said].flat());
    return unless((value) => choices.has(value));
  },
  oneOf(said) {
    const checks = (said as readonly JsonObject[]).map(schemaCheck);
    return unless((value) => checks.filter((check) => check(value) === undefined).length === 1);
  },
  maxItems: listLength(atMost),
  minItems: listLength(atLeast),
  items(said) {
    const check = schemaCheck(said as JsonObject);
    return (value) => {
      if (!Array.isArray(value)) return undefined;
      for (let at = 0; at < value.length; at += 1) {
        const fault = check(value[at]);
        if (fault !== undefined) return inside(String(at), fault);
      }
      return undefined;
    };
  },
  minProperties: (limit) => unless((value) => !isObject(value) || Object.keys(value).length >= Number(limit)),
  required(said) {
    const names = said as readonly string[];
    return (value) => {
      if (!isObject(value)) return undefined;
      for (const name of names) if (value[name] === undefined) return { path: [], missing: name };
      return undefined;
    };
  },
  additionalProperties(said, { properties }) {
    const named = isObject(properties) ? properties : {};
    const check = isObject(said) ? schemaCheck(said) : said === false ? () => here : () => undefined;
    return (value) => {
      if (!isObject(value)) return undefined;
      for (const name of Object.keys(value)) {
        const fault = Object.hasOwn(named, name) ? undefined : check(value[name]);
        if (fault !== undefined) return said === false ? here : inside(name, fault);
      }
      return undefined;
    };
  },
  properties(said) {
    const checks = Object.entries(said as Readonly<Record<string, JsonObject>>)
      .filter(([, schema]) => Object.keys(schema).length > 0)
      .map(([name, schema]) => ({ name, check: schemaCheck(schema) }));
    return (value) => {
      if (!isObject(value)) return undefined;
      for (const { name, check } of checks) {
        const member = value[name];
        const fault = member === undefined ? undefined : check(member);
        if (fault !== undefined) return inside(name, fault);
      }
      return undefined;
    };
  },
};
