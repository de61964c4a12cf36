/**
 * Counts the named members that are there; -1 if one of them fails its test. Written out as code, member by member, as in
 * `generatedCopy`.
 */
export function generatedCount(
  tests: readonly (readonly [name: string, passes: (value: unknown) => boolean])[],
): (object: object) => number {
  const lines = tests.map(
    ([name], place) => `value = object[${JSON.stringify(name)}];
      if (value !== undefined) { if (!passes${place}(value)) return -1; count += 1; }`,
  );
  const code = `
    const [${tests.map((_, place) => `passes${place}`).join(', ')}] = tests;
    return (object) => { let value; let count = 0; ${lines.join('\n')} return count; };`;
  return new Function('tests', code)(tests.map(([, passes]) => passes)) as (object: object) => number;
}
