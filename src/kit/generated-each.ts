/**
 * Calls `visit` with each of the named members that is not undefined. Written out as code, member by member, as in
 * `generatedCopy`.
 */
export function generatedEach<Context>(
  names: readonly string[],
  visit: (name: string, value: unknown, context: Context) => void,
): (from: object, context: Context) => void {
  const lines = names.map((name) => {
    const text = JSON.stringify(name);
    return `if (from[${text}] !== undefined) visit(${text}, from[${text}], context);`;
  });
  const code = `return (from, context) => { ${lines.join('\n')} };`;
  return new Function('visit', code)(visit) as (from: object, context: Context) => void;
}
