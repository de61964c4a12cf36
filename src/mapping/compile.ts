import type { Diagnostic } from '../core/diagnostic.ts';
import { ConnectorError } from '../core/errors.ts';
import { analyse, type MappingPath } from './analyse.ts';
import type { Program } from './values/compiled.ts';

/**
 * Compiles a mapping: raw JSON in which objects such as `{ "@path": "$.event" }` are directives.
 *
 * The result resolves it for an event. It reads own properties only, changes neither the mapping nor the event, and
 * may share objects with both: treat what it returns as read-only. It throws for no JSON event but by two rules of
 * the mapping's author: a `ConnectorError` with the code `MAPPING_LIQUID_LIMIT` (a liquid template took too much time
 * or memory) or `MAPPING_CASE_OPERATOR` (text met a `@case` whose operator does not exist).
 *
 * @throws ConnectorError `MAPPING_INVALID`, whose `details.diagnostics` names every problem.
 */
export function compileMapping(mapping: unknown): (event: unknown) => unknown {
  return compileProgram(mapping).run;
}

/**
 * `compileMapping`, with what it gives also member by member when the mapping is an object.
 *
 * @throws ConnectorError `MAPPING_INVALID`, as `compileMapping`.
 */
export function compileProgram(mapping: unknown): Program {
  const { program, diagnostics } = analyse(mapping);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length > 0) throw new ConnectorError('MAPPING_INVALID', summary(errors), { diagnostics });
  return program;
}

/**
 * Every problem of a mapping: errors, with which it does not compile, and warnings about what has no effect or is
 * probably not meant. Their paths begin with `base`. Never throws.
 */
export function checkMapping(mapping: unknown, base: readonly (string | number)[] = []): readonly Diagnostic[] {
  return analyse(mapping, base).diagnostics;
}

/**
 * The members of the event that a mapping names, each with its place in the mapping; an empty path is the whole event.
 * The shape of `@arrayPath` and the mapping of `@transform` name members of what they begin with, where that is at a
 * path (of a list: as if it were its only item). Left out are paths that depend on the event, and what is read of a
 * value that is made.
 */
export function mappingPaths(mapping: unknown): readonly MappingPath[] {
  return analyse(mapping).paths;
}

function summary(errors: readonly Diagnostic[]): string {
  const shown = errors.slice(0, 20).map(line);
  const more = errors.length > 20 ? [`and ${errors.length - 20} more`] : [];
  return ['the mapping is invalid:', ...shown, ...more].join('\n  ');
}

function line({ path = [], message, fix }: Diagnostic): string {
  const place = path.length === 0 ? 'the mapping' : path.map(String).join(' › ');
  return fix === undefined ? `${place}: ${message}` : `${place}: ${message} (${fix})`;
}
