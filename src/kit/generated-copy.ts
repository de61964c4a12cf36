/**
 * Copies those of the named members that are not undefined from one object to another. Written out as code, member by
 * member: under a computed key every read and every store would be a search.
 */
export function generatedCopy(names: readonly string[]): (from: object, to: Record<string, unknown>) => void {
  const lines = names.map((name) => {
    const member = `[${JSON.stringify(name)}]`;
    return `if (from${member} !== undefined) to${member} = from${member};`;
  });
  return new Function('from', 'to', lines.join('\n')) as (from: object, to: Record<string, unknown>) => void;
}
