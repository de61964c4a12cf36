/** Reads one mapped value. Undefined: there is none. */
export type ReadField<Reading> = (value: unknown, reading: Reading) => unknown;

/** A field that is mapped: where its value is in what was read of the event, or what makes it of that. */
export interface MappedField<Reading> {
  readonly name: string;
  readonly value: number | ((source: readonly unknown[]) => unknown);
  readonly read: ReadField<Reading>;
}

/**
 * Makes the object of an action's fields, reading the mapped ones in their order; of two with one name the latter
 * counts. Written out as code, as in `generatedObject`: an event's values then go from where they are in the event to
 * their field, with no list or object in between.
 */
export function generatedFields<Reading>(
  names: readonly string[],
  mapped: readonly MappedField<Reading>[],
): (source: readonly unknown[], reading: Reading) => Record<string, unknown> {
  const variables = new Map(mapped.map(({ name }, index) => [name, `field${index}`]));
  const statements = mapped.map(({ value }, index) => {
    const found = typeof value === 'number' ? `source[${value}]` : `makers[${index}](source)`;
    return `const value${index} = ${found};
      const field${index} = value${index} === undefined ? undefined : read${index}(value${index}, reading);`;
  });
  const members = names.map((name) => `${JSON.stringify(name)}: ${variables.get(name) ?? 'undefined'}`);
  const code = `
    const [${mapped.map((_, index) => `read${index}`).join(', ')}] = readers;
    return (source, reading) => {
      ${statements.join('\n')}
      return {${members.join(', ')}};
    };`;
  return new Function('makers', 'readers', code)(
    mapped.map(({ value }) => value),
    mapped.map(({ read }) => read),
  ) as ReturnType<typeof generatedFields<Reading>>;
}
