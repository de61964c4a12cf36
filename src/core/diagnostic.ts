/**
 * Something to say about a piece of configuration. The languages give positions inside the piece (an offset in an
 * expression, a path in a mapping); `config` turns them into file, line and column.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, in capitals: `TRIGGER_SYNTAX`, `UNKNOWN_DIRECTIVE`, … */
  readonly code: string;
  readonly message: string;
  /** What to write instead, when that is known. */
  readonly fix?: string;
  /** UTF-16 offset and length in the expression, for diagnostics about a text. */
  readonly offset?: number;
  readonly length?: number;
  /** Keys from the root of the JSON value to the place, for diagnostics about a JSON value. */
  readonly path?: readonly (string | number)[];
  /** True when the name of the last member of `path` is at fault, not its value. */
  readonly atKey?: boolean;
}
