import type { Problem } from './document.ts';

/** For people: place, message, fix, and the line with a caret under the place. */
export function renderProblem(problem: Problem): string {
  const { file, line, column, severity, code, message, fix, source } = problem;
  const shown = source.length > 160 ? source.slice(Math.max(0, column - 81), column + 79) : source;
  const caret = source.length > 160 ? Math.min(column - 1, 80) : column - 1;
  const indent = shown.slice(0, caret).replace(/[^\t]/g, ' ');
  return [
    `${file}:${line}:${column}: ${severity}: ${message} [${code}]`,
    `  | ${shown}`,
    `  | ${indent}^`,
    ...(fix === undefined ? [] : [`  fix: ${fix}`]),
  ].join('\n');
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
