import type { Diagnostic } from '../core/diagnostic.ts';
import { analyse } from './analyse.ts';

/**
 * Every problem of a mapping: errors, with which it does not compile, and warnings about what has no effect or is
 * probably not meant. Their paths begin with `base`. Never throws.
 */
export function checkMapping(mapping: unknown, base: readonly (string | number)[] = []): readonly Diagnostic[] {
  return analyse(mapping, base).diagnostics;
}
