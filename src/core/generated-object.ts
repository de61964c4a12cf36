/**
 * Makes objects with these members, from their values in the same order. Written out as code, so that all of them have
 * one shape in the engine's fast form: members that are added one by one under computed keys turn an object into a hash
 * table after a dozen, which is slow to make and slow to read.
 */
export function generatedObject(names: readonly string[]): (values: readonly unknown[]) => Record<string, unknown> {
  const members = names.map((name, place) => `${JSON.stringify(name)}: values[${place}]`);
  return new Function('values', `return {${members.join(', ')}};`) as (
    values: readonly unknown[],
  ) => Record<string, unknown>;
}
