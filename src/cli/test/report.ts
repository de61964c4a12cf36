import { escapeMarkup } from '../../core/markup.ts';
import { renderProblem } from '../../config/problems.ts';
import { isCovered, type SubscriptionCoverage } from './coverage.ts';
import type { FileResult, TestResult } from './run-tests.ts';

export type Format = 'text' | 'tap' | 'junit';

/** What is printed of a run. TAP is version 13, JUnit the XML that CI servers read. */
export function renderResults(files: readonly FileResult[], format: Format): string {
  if (format === 'tap') return tap(files);
  if (format === 'junit') return junit(files);
  return text(files);
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** A file that can't be used counts as one failure. */
export function totalsOf(files: readonly FileResult[]): Totals {
  const results = files.flatMap((file) => file.results);
  const passed = results.filter((result) => result.passed).length;
  const unusable = files.filter(({ problems }) => problems.length > 0).length;
  return { passed, failed: results.length - passed + unusable };
}

function text(files: readonly FileResult[]): string {
  const lines = files.flatMap(({ file, results, problems }) => [
    file,
    ...problems.map((problem) => indented(renderProblem(problem))),
    ...results.flatMap((result) => [
      `  ${result.passed ? 'ok  ' : 'FAIL'} ${result.name}`,
      ...result.problems.map((problem) => indented(renderProblem(problem))),
    ]),
  ]);
  const { passed, failed } = totalsOf(files);
  return [...lines, `${passed} passed, ${failed} failed`].join('\n');
}

function indented(value: string): string {
  return value.replaceAll(/^/gm, '       ');
}

/** Every test, and each file that can't be used as one that failed. */
function cases(files: readonly FileResult[]): readonly TestResult[] {
  return files.flatMap(({ file, results, problems }) =>
    problems.length === 0 ? results : [{ file, name: `${file} can be used`, passed: false, problems, millis: 0 }],
  );
}

function tap(files: readonly FileResult[]): string {
  const all = cases(files);
  const lines = all.flatMap((result, index) => [
    `${result.passed ? 'ok' : 'not ok'} ${index + 1} - ${result.file}: ${result.name.replaceAll(/[#\n]/g, ' ')}`,
    ...result.problems.map((problem) => renderProblem(problem).replaceAll(/^/gm, '# ')),
  ]);
  return ['TAP version 13', `1..${all.length}`, ...lines].join('\n');
}

function junit(files: readonly FileResult[]): string {
  const suites = files.map((file) => {
    const all = cases([file]);
    const failed = all.filter(({ passed }) => !passed).length;
    const inner = all.map((result) => {
      const head = `    <testcase classname="${xml(result.file)}" name="${xml(result.name)}" time="${(result.millis / 1000).toFixed(3)}"`;
      if (result.passed) return `${head}/>`;
      const shown = result.problems.map(renderProblem).join('\n');
      return `${head}>\n      <failure message="${xml(result.problems[0]?.message ?? '')}">${xml(shown)}</failure>\n    </testcase>`;
    });
    return `  <testsuite name="${xml(file.file)}" tests="${all.length}" failures="${failed}">\n${inner.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>`;
}

/** XML has no other control characters than these. */
function xml(value: string): string {
  const allowed = [...value].filter((character) => character >= ' ' || character === '\n' || character === '\t');
  return escapeMarkup(allowed.join(''));
}

/** What the tests have shown of each subscription, and what not. */
export function renderCoverage(rows: readonly SubscriptionCoverage[]): string {
  const lines = rows.map((row) => {
    const lacks = [
      ...(row.met ? [] : ['no event meets its trigger']),
      ...(row.notMet ? [] : ['every event meets its trigger']),
      ...(row.neverFilled.length > 0 ? [`never filled: ${row.neverFilled.join(', ')}`] : []),
    ];
    const codes = row.rejected.length === 0 ? '' : `; dead letters: ${row.rejected.join(', ')}`;
    return `  ${row.destination} / ${row.subscription}: ${lacks.join('; ') || 'trigger and mapping covered'}${codes}`;
  });
  const covered = rows.filter(isCovered).length;
  return ['coverage', ...lines, `  triggers: ${covered} of ${rows.length} both met and not met`].join('\n');
}
