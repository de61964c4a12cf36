import { isObject, type JsonObject } from '../../core/json.ts';
import type { Choice, Compiled, Program } from './compiled.ts';

/** One directive: its words for people, the shape of its argument, and how it is compiled. */
export interface Directive {
  /** With the `@`. */
  readonly name: string;
  /** One or two sentences, for editors and reference pages. */
  readonly description: string;
  /** JSON Schema of the argument; any mapping is `{ "$ref": "#/$defs/mapping" }`. */
  readonly argument: JsonObject;
  /** Checks the argument, reports every problem to `place`, and compiles what it can. */
  compile(argument: unknown, place: Place): Compiled;
}

/** True for an object that is meant as a directive: one with a key that begins with `@`. */
export function isDirective(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith('@'));
}

export interface Report {
  /** What to write instead, when that is known. */
  readonly fix?: string;
  /** From the place of the report to the value at fault. */
  readonly keys?: readonly (string | number)[];
  /** The name of the last key is at fault, not its value. */
  readonly atKey?: boolean;
}

/** Where in a mapping a directive's argument stands, and what may be done there. */
export interface Place {
  error(code: string, message: string, report?: Report): void;
  warn(code: string, message: string, report?: Report): void;
  /** Compiles the mapping found at `keys` below this place. */
  compile(mapping: unknown, ...keys: readonly (string | number)[]): Compiled;
  /** Compiles a value in which nothing is a directive. */
  literal(value: unknown): Compiled;
  /** The place at `keys` below this one. */
  at(...keys: readonly (string | number)[]): Place;
  /** Compiles the mapping at `keys` below this place for a root of its own: what `from` gives. */
  program(mapping: unknown, from: Pick<Compiled, 'path'>, ...keys: readonly (string | number)[]): Program;
  /** The value at a path of the root. */
  read(path: readonly string[]): Compiled;
  /** The choice as a piece. `instead`: of these pieces, which are given up for it. */
  choose(choice: Choice, instead: readonly Compiled[]): Compiled;
  /** Records that a path of the root is read here by other means. */
  mentions(path: readonly string[]): void;
}

/** A schema for any mapping: a raw value or a directive. */
export const anyMapping: JsonObject = { $ref: '#/$defs/mapping' };

/** A schema for an object or a directive. */
export const objectMapping: JsonObject = { allOf: [{ type: 'object' }, anyMapping] };

/** A schema for text, or for a directive that gives it. */
export const textOrDirective: JsonObject = { anyOf: [{ type: 'string' }, objectMapping] };
