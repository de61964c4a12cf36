/**
 * Calls `visit` with each of the named members that is there and that `wants` is true of. Written out as code, member by
 * member, as in `generatedCopy`.
 */
export function generatedEach<Context>(
  names: readonly string[],
  wants: (value: unknown) => boolean,
  visit: (name: string, value: unknown, context: Context) => void,
): (from: object, context: Context) => void {
  const lines = names.map((name, place) => {
    const text = JSON.stringify(name);
    return `const v${place} = from[${text}]; if (v${place} !== undefined && wants(v${place})) visit(${text}, v${place}, context);`;
  });
  const code = `return (from, context) => { ${lines.join('\n')} };`;
  return new Function('wants', 'visit', code)(wants, visit) as (from: object, context: Context) => void;
}
