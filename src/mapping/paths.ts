import { analyse, type MappingPath } from './analyse.ts';

/**
 * The members of the event that a mapping surely names, each with its place in the mapping; an empty path is the whole
 * event. Left out are paths that depend on the event and those inside the shape of `@arrayPath` or the mapping of
 * `@transform`, which are read from something else.
 */
export function mappingPaths(mapping: unknown): readonly MappingPath[] {
  return analyse(mapping).paths;
}
