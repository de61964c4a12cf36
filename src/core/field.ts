/** The type of a field's value. A `datetime` is ISO 8601 text, or Unix seconds, milliseconds or microseconds. */
export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'datetime';

/**
 * One field of an action: what its mapped value must look like, and what people are told about it. From a record of
 * these come the TypeScript type of the action's fields, the JSON Schema that ajv compiles, the default mapping, the
 * error messages and the reference pages.
 */
export interface FieldDefinition {
  /** Full name for people: `Email`. */
  readonly label: string;
  /** One or two sentences; for a rule of Meta's, with the name of Meta's page. */
  readonly description: string;
  readonly type: FieldType;
  readonly required?: boolean;
  /** The value is a list; a single value is taken as a list of one, an unusable item is left out with a warning. */
  readonly multiple?: boolean;
  readonly choices?: readonly (string | number)[];
  /** Members of an `object`. */
  readonly properties?: Readonly<Record<string, FieldDefinition>>;
  /** Members of an `object` beyond `properties` are kept; false by default when `properties` is given. */
  readonly additionalProperties?: boolean;
  /** Whether the text is one that is known, where the choices are too many to be listed; for literals in mappings. */
  readonly takes?: (text: string) => boolean;
  /** What comes of one value for all events: such a value may not be written into a mapping. Absent: it may. */
  readonly ifFixed?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** An id: a number that has lost digits on its way is none. */
  readonly id?: boolean;
  /**
   * A value that can't be used refuses the event, because leaving it out would do something else than was asked for.
   * Of all other fields that aren't required, what can't be used is left out with a warning, and the event goes.
   */
  readonly decisive?: boolean;
  /** Meta takes it hashed only. */
  readonly hashed?: boolean;
  /** Identifies a person. */
  readonly identifier?: boolean;
  /** Handed to the action just as it was mapped, blanks and all: it has rules of its own, or entries with places. */
  readonly raw?: boolean;
  /** Literal or mapping directive that applies where a subscription maps nothing. */
  readonly default?: unknown;
  /** The default applies only where this other field isn't mapped either. */
  readonly defaultUnless?: string;
}

export type FieldDefinitions = Readonly<Record<string, FieldDefinition>>;
