import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet, type Machine, type PartResult, type Results } from './results.ts';
import { svg } from './svg.ts';
import { limitText, markdownTable, shown } from './table.ts';

const start = '<!-- figures: written by `npm run bench` from performance/results.json -->';
const end = '<!-- /figures -->';

/** Writes the plots, and the figures into the page between its two marks. */
export function writeDocument(results: Results, page: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, drawing] of plotsOf(results)) writeFileSync(join(folder, file), drawing);
  writeFileSync(page, withFigures(readFileSync(page, 'utf8'), results));
}

/** The drawings by the names of their files. */
export function plotsOf({ parts }: Results): ReadonlyMap<string, string> {
  const plots = Object.values(parts).flatMap((part) => part.plots ?? []);
  return new Map(plots.map((plot) => [`${plot.file}.svg`, svg(plot)]));
}

/** The page with these figures in place of those that it has. */
export function withFigures(page: string, results: Results): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error('the page lacks the marks of its figures');
  return `${page.slice(0, from + start.length)}\n\n${figuresOf(results)}\n\n${page.slice(to)}`;
}

function figuresOf({ parts }: Results): string {
  return [targetsOf(Object.values(parts)), ...Object.values(parts).map(sectionOf)].join('\n\n');
}

function targetsOf(parts: readonly PartResult[]): string {
  const rows = parts
    .flatMap(({ targets = [] }) => targets)
    .map((target) => {
      const measured = shown(target.value, target.unit);
      return `| ${target.name} | ${limitText(target)} | ${measured}${isMet(target) ? '' : ' **(not met)**'} |`;
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
