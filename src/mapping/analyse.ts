import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import { suggest } from '../core/suggest.ts';
import { typeName } from './values/argument.ts';
import {
  type Compiled,
  type CompiledMember,
  constant,
  type Frame,
  nothing,
  type Program,
  type ProgramMembers,
} from './values/compiled.ts';
import { isDirective, type Place, type Report } from './values/directive.ts';
import { directives } from './directives.ts';
import { maxMappingDepth, maxMappingValues } from './values/limits.ts';
import { compiledArray, compiledObject } from './values/objects.ts';
import { createReads, type Reads } from './reads.ts';

/** A member of the event that a mapping reads, and where in the mapping it says so. */
export interface MappingPath {
  readonly path: readonly string[];
  readonly at: readonly (string | number)[];
  /** The path is read of what is at another one, which comes by itself. */
  readonly nested?: true;
}

/** Everything that one walk over a mapping gives. With an error among the diagnostics, `program` is of no use. */
export interface Analysis {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  readonly paths: readonly MappingPath[];
}

interface Walk {
  readonly diagnostics: Diagnostic[];
  readonly paths: MappingPath[];
  /** Values seen so far. */
  values: number;
  tooDeep: boolean;
}

interface Position {
  readonly at: readonly (string | number)[];
  readonly depth: number;
  /** Where in the event the root is that holds here: paths found here begin there. Undefined: it is nowhere in the event. */
  readonly root: readonly string[] | undefined;
  /** Nothing here is a directive. */
  readonly literal: boolean;
  /** What is read from the root that holds here. */
  readonly reads: Reads;
}

const byName = new Map(directives.map((directive) => [directive.name, directive]));

/** Checks and compiles a mapping in one walk. `base` is put before every place that is reported. */
export function analyse(mapping: unknown, base: readonly (string | number)[] = []): Analysis {
  const walk: Walk = { diagnostics: [], paths: [], values: 0, tooDeep: false };
  const program = compileProgram(mapping, { at: base, depth: 0, root: [], literal: false }, walk);
  return { program, diagnostics: walk.diagnostics, paths: walk.paths };
}

function compileProgram(mapping: unknown, position: Omit<Position, 'reads'>, walk: Walk): Program {
  const reads = createReads();
  const { resolve, members } = compileValue(mapping, { ...position, reads }, walk);
  const read = reads.reader();
  const run = (root: unknown) => resolve(read(root));
  return members === undefined ? { run } : { run, members: programMembers(members, read) };
}

function programMembers(members: readonly CompiledMember[], read: (root: unknown) => Frame): ProgramMembers {
  return { members: members.map(([name, { slot, resolve }]) => ({ name, value: slot?.place ?? resolve })), read };
}

function compileValue(value: unknown, position: Position, walk: Walk): Compiled {
  walk.values += 1;
  if (walk.values > maxMappingValues) return tooMany(position, walk);
  if (position.depth > maxMappingDepth) return tooDeep(position, walk);
  if (Array.isArray(value)) {
    return compiledArray(value.map((item, index) => compileValue(item, below(position, index), walk)));
  }
  if (typeof value === 'object' && value !== null) {
    if (!position.literal && isDirective(value)) return compileDirective(value, position, walk);
    return compileMembers(value as JsonObject, Object.keys(value), position, walk);
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    report(walk, position, 'error', 'NOT_JSON', `expected a JSON value; found ${typeName(value)}`);
  }
  return constant(value);
}

/** Reported once: what lies side by side at that depth is one problem. */
function tooDeep(position: Position, walk: Walk): Compiled {
  if (!walk.tooDeep) {
    report(walk, position, 'error', 'MAPPING_TOO_DEEP', `a mapping may be nested ${maxMappingDepth} levels deep`);
  }
  walk.tooDeep = true;
  return nothing;
}

function tooMany(position: Position, walk: Walk): Compiled {
  if (walk.values === maxMappingValues + 1) {
    report(walk, position, 'error', 'MAPPING_TOO_LARGE', `a mapping may have ${maxMappingValues} values`);
  }
  return nothing;
}

function compileMembers(value: JsonObject, keys: readonly string[], position: Position, walk: Walk): Compiled {
  return compiledObject(keys.map((key) => [key, compileValue(value[key], below(position, key), walk)]));
}

function compileDirective(value: JsonObject, position: Position, walk: Walk): Compiled {
  const keys = Object.keys(value);
  const names = keys.filter((key) => key.startsWith('@'));
  const plain = keys.filter((key) => !key.startsWith('@') && key !== '_metadata');
  if (names.length > 1) {
    const message = `one object holds one directive; this one has ${names.join(', ')}`;
    report(walk, position, 'error', 'SEVERAL_DIRECTIVES', message, { keys: names.slice(1, 2), atKey: true });
  }
  if (plain.length > 0) {
    const message = `${names[0]} must stand alone; beside it: ${plain.join(', ')}`;
    report(walk, position, 'error', 'DIRECTIVE_BESIDE_KEYS', message, { keys: plain.slice(0, 1), atKey: true });
    compileMembers(value, plain, position, walk);
  }
  const compiled = names.map((name) => compileNamed(name, value[name], position, walk));
  return compiled[0] ?? nothing;
}

function compileNamed(name: string, argument: unknown, position: Position, walk: Walk): Compiled {
  const directive = byName.get(name);
  if (directive !== undefined) return directive.compile(argument, placeOf(below(position, name), walk));
  const meant = suggest(name, byName.keys());
  const fix = meant === undefined ? `the directives are ${[...byName.keys()].join(', ')}` : `did you mean ${meant}?`;
  report(walk, position, 'error', 'UNKNOWN_DIRECTIVE', `unknown directive ${name}`, { keys: [name], atKey: true, fix });
  return nothing;
}

function below(position: Position, ...keys: readonly (string | number)[]): Position {
  return { ...position, at: [...position.at, ...keys], depth: position.depth + keys.length };
}

function placeOf(position: Position, walk: Walk): Place {
  return {
    error: (code, message, details) => report(walk, position, 'error', code, message, details),
    warn: (code, message, details) => report(walk, position, 'warning', code, message, details),
    compile: (mapping, ...keys) => compileValue(mapping, below(position, ...keys), walk),
    literal: (value) => compileValue(value, { ...position, literal: true }, walk),
    at: (...keys) => placeOf(below(position, ...keys), walk),
    program: (mapping, from, ...keys) => {
      const root = from.path === undefined ? undefined : position.root?.concat(from.path);
      return compileProgram(mapping, { ...below(position, ...keys), root }, walk);
    },
    mentions: (path) => mention(path, position, walk),
    read: (path) => {
      mention(path, position, walk);
      return position.reads.valueAt(path);
    },
    choose: (choice, instead) => position.reads.choose(choice, instead),
  };
}

function mention(path: readonly string[], position: Position, walk: Walk): void {
  const { root, at } = position;
  if (root === undefined) return;
  walk.paths.push({ path: [...root, ...path], at, ...(root.length > 0 && { nested: true as const }) });
}

function report(
  walk: Walk,
  position: Position,
  severity: Diagnostic['severity'],
  code: string,
  message: string,
  { keys = [], ...rest }: Report = {},
): void {
  walk.diagnostics.push({ severity, code, message, path: [...position.at, ...keys], ...rest });
}
