import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet, type Machine, type PartResult, type Results, type Target } from './results.ts';
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
  const sections = Object.values(parts);
  const places = new Set(sections.map(placeOf));
  const [place] = places;
  // One line for all, unless they were measured at different times or places.
  const isOne = places.size === 1 && place !== undefined;
  return [
    targetsOf(sections),
    ...(isOne ? [place] : []),
    ...sections.flatMap((part) => [sectionOf(part), ...(isOne ? [] : [placeOf(part)])]),
  ].join('\n\n');
}

type Measured = PartResult & { readonly at: string; readonly machine: Machine };

function placeOf({ at, machine: { cores, processor, memoryGb, node } }: Measured): string {
  return `Measured ${at} on ${cores} cores (${processor}), ${memoryGb} GB, Node ${node}.`;
}

/** Of those with one name the worst is shown. */
function targetsOf(parts: readonly PartResult[]): string {
  const worst = new Map<string, Target>();
  for (const target of parts.flatMap(({ targets = [] }) => targets)) {
    const other = worst.get(target.name);
    if (other === undefined || isMet(other)) worst.set(target.name, target);
  }
  const rows = [...worst.values()].map((target) => {
    const measured = shown(target.value, target.unit);
    return `| ${target.name} | ${limitText(target)} | ${measured}${isMet(target) ? '' : ' **(not met)**'} |`;
  });
  return ['| | target | measured |', '|---|---:|---:|', ...rows].join('\n');
}

function sectionOf({ title, about, figures, plots = [] }: PartResult): string {
  const drawings = plots.map(({ file, title: name }) => `![${name}](performance/${file}.svg)`);
  return [`### ${title}`, about, markdownTable(figures), ...drawings].join('\n\n');
}
