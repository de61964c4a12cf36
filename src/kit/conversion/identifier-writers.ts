/** Reads the value of an identifier as it is sent; undefined: it is left out. */
export type ReadIdentifier<Rule, Reading> = (name: string, rule: Rule, value: unknown, reading: Reading) => unknown;

/** Where identifiers are written: what is sent, and what became of each. */
export interface IdentifierTargets {
  readonly data: Record<string, unknown>;
  readonly statuses: Record<string, unknown>;
  /** What became of the identifier that was read last; undefined: there was none. */
  status: unknown;
}

/**
 * Reads the named fields that have a value, each by its rule, and writes what is sent and what became of it under its
 * name. Written out as code, field by field, as in `generatedCopy`: most events have a dozen of these.
 */
export function identifierWriters<Rule, Reading extends IdentifierTargets>(
  rules: Readonly<Record<string, Rule>>,
  names: readonly string[],
  read: ReadIdentifier<Rule, Reading>,
): (fields: object, reading: Reading) => void {
  const lines = names.map((name, place) => {
    const text = JSON.stringify(name);
    return `if (fields[${text}] !== undefined) {
      const sent = read(${text}, rules[${place}], fields[${text}], reading);
      if (sent !== undefined) data[${text}] = sent;
      if (reading.status !== undefined) statuses[${text}] = reading.status;
    }`;
  });
  const code = `return (fields, reading) => { const { data, statuses } = reading; ${lines.join('\n')} };`;
  return new Function('rules', 'read', code)(
    names.map((name) => rules[name]),
    read,
  ) as (fields: object, reading: Reading) => void;
}
