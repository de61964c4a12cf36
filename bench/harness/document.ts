import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet, type Machine, type PartResult, type Results } from './results.ts';
import { svg } from './svg.ts';
import { markdownTable, shown } from './table.ts';

const start = '<!-- figures: written by `npm run bench` from performance/results.json -->';
const end = '<!-- /figures -->';

/** Writes the plots, and the figures into the page between its two marks. */
export function writeDocument(results: Results, page: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const part of Object.values(results.parts)) {
    for (const plot of part.plots ?? []) writeFileSync(join(folder, `${plot.file}.svg`), svg(plot));
  }
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${page} lacks the marks of the figures`);
  writeFileSync(page, `${text.slice(0, from + start.length)}\n\n${figuresOf(results)}\n\n${text.slice(to)}`);
}

function figuresOf({ parts }: Results): string {
  return [targetsOf(Object.values(parts)), ...Object.values(parts).map(sectionOf)].join('\n\n');
}

function targetsOf(parts: readonly PartResult[]): string {
  const rows = parts
    .flatMap(({ targets = [] }) => targets)
    .map((target) => {
      const { name, value, unit, atMost, atLeast } = target;
      const limit = atMost === undefined ? `at least ${shown(atLeast ?? 0, unit)}` : `at most ${shown(atMost, unit)}`;
      return `| ${name} | ${limit} | ${shown(value, unit)}${isMet(target) ? '' : ' **(not met)**'} |`;
    });
  return ['| | target | measured |', '|---|---:|---:|', ...rows].join('\n');
}

function sectionOf(part: PartResult & { readonly at: string; readonly machine: Machine }): string {
  const { title, about, figures, plots = [], at, machine } = part;
  const { cores, processor, memoryGb, node } = machine;
  return [
    `### ${title}`,
    about,
    markdownTable(figures),
    ...plots.map(({ file, title: name }) => `![${name}](performance/${file}.svg)`),
    `Measured ${at} on ${cores} cores (${processor}), ${memoryGb} GB, Node ${node}.`,
  ].join('\n\n');
}
