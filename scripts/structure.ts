/**
 * Counts the parts of the product, the arrows between them and the circles.
 *
 *   node scripts/structure.ts [CHECKOUT]          of this checkout, or of another one
 *   node scripts/structure.ts --arrows            each arrow too
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  circles,
  components,
  type Graph,
  graphOfFiles,
  graphOfParts,
  readSources,
  type SourceFile,
} from './imports.ts';

export interface Structure {
  readonly files: number;
  readonly lines: number;
  readonly parts: Graph;
  readonly arrows: number;
  /** Longest way of arrows from bottom to top; a circle counts as one floor. */
  readonly floors: number;
  readonly circlesOfFiles: readonly (readonly string[])[];
  readonly circlesOfParts: readonly (readonly string[])[];
}

export function structureOf(sources: readonly SourceFile[]): Structure {
  const files = graphOfFiles(sources);
  const parts = graphOfParts(files);
  return {
    files: sources.length,
    lines: sources.reduce((total, source) => total + source.lines, 0),
    parts,
    arrows: [...parts.values()].reduce((total, targets) => total + targets.size, 0),
    floors: floorsOf(parts),
    circlesOfFiles: circles(files),
    circlesOfParts: circles(parts),
  };
}

function floorsOf(parts: Graph): number {
  const floors = new Map<string, number>();
  // The lowest come first, so that the floors of all that a group imports are known.
  for (const group of components(parts)) {
    const below = group.flatMap((part) => [...(parts.get(part) ?? [])]).filter((part) => !group.includes(part));
    const floor = 1 + Math.max(0, ...below.map((part) => floors.get(part) ?? 0));
    for (const part of group) floors.set(part, floor);
  }
  return Math.max(0, ...floors.values());
}

function summary(sources: readonly SourceFile[]): string {
  const structure = structureOf(sources);
  const sizes = [...structure.parts.keys()].map((part) => [part, filesIn(part, sources)] as const);
  const [largest, most] = sizes.toSorted((a, b) => b[1] - a[1])[0] ?? ['none', 0];
  const circle = (group: readonly string[]) => `  ${group.toSorted().join(' ')}`;
  return [
    `${structure.files} files, ${structure.lines} lines`,
    `${structure.parts.size} parts on ${structure.floors} floors, ${structure.arrows} arrows between them`,
    `files loose in src/: ${filesIn('src', sources)}; the fullest part: ${largest} with ${most} files`,
    `circles of files, types counted: ${structure.circlesOfFiles.length}`,
    ...structure.circlesOfFiles.map(circle),
    `circles of parts: ${structure.circlesOfParts.length}`,
    ...structure.circlesOfParts.map(circle),
  ].join('\n');
}

function filesIn(part: string, sources: readonly SourceFile[]): number {
  return sources.filter(({ path }) => path.slice(0, path.lastIndexOf('/')) === part).length;
}

function arrowsOf({ parts }: Structure): string {
  return [...parts].flatMap(([from, targets]) => [...targets].sort().map((to) => `${from} -> ${to}`)).join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ options: { arrows: { type: 'boolean' } }, allowPositionals: true });
  const sources = readSources(resolve(positionals[0] ?? resolve(import.meta.dirname, '..')));
  if (values.arrows === true) console.log(arrowsOf(structureOf(sources)));
  console.log(summary(sources));
}
