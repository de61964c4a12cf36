import type { Failure } from '../core/outcome.ts';

/** A failure of this record: what is wrong with which field, and what to do. Never holds a value. */
export function failureOf(code: string, field: string, message: string, fix: string): Failure {
  return { code, field, message, fix };
}
