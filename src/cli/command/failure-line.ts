/** Commands whose stderr is a log. */
const logging: ReadonlySet<string | undefined> = new Set(['run']);

/**
 * What a command ends with that has failed. Where stderr is a log that is collected, it is an object a line, as every other
 * line of it; at a terminal it is text.
 */
export function failureLine(
  failure: { readonly text: string; readonly code?: string },
  { command, isTerminal }: { readonly command: string | undefined; readonly isTerminal: boolean },
): string {
  const { text, code } = failure;
  if (isTerminal || !logging.has(command)) return text;
  const time = new Date().toISOString();
  return JSON.stringify({ level: 'error', time, kind: 'failed', ...(code !== undefined && { code }), msg: text });
}
