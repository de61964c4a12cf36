/** Reads who imports whom from the text of the sources. Works on any checkout of this repository. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface SourceFile {
  /** As the repository names it: `src/core/record.ts`. */
  readonly path: string;
  readonly lines: number;
  /** Files of ours by path, everything else as it is written: `node:fs`, `kafkajs`. Types count. */
  readonly imports: readonly string[];
}

/** The product's sources: `src` and `actions`. */
export function readSources(root: string): readonly SourceFile[] {
  return globSync('{src,actions}/**/*.ts', { cwd: root })
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, lines: text.split('\n').length - 1, imports: importsOf(path, text) };
    });
}

const declaration = /^(?:import|export)\s[^'";]*?\bfrom\s+'([^']+)'/gm;
const bare = /^import\s+'([^']+)'/gm;
const dynamic = /\bimport\('([^']+)'\)/g;

function importsOf(path: string, text: string): readonly string[] {
  const written = [declaration, bare, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((found) => found[1]),
  );
  const targets = written.filter((target) => target !== undefined);
  return [...new Set(targets)].map((target) =>
    target.startsWith('.') ? posix.join(posix.dirname(path), target) : target,
  );
}

export function folderOf(path: string): string {
  return posix.dirname(path);
}

export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

export function graphOfFiles(sources: readonly SourceFile[]): Graph {
  const known = new Set(sources.map((source) => source.path));
  return new Map(sources.map(({ path, imports }) => [path, new Set(imports.filter((target) => known.has(target)))]));
}

/** A part is a folder with sources of its own; an arrow goes from one to another that it imports. */
export function graphOfParts(files: Graph): Graph {
  const parts = new Map<string, Set<string>>();
  for (const [file, targets] of files) {
    const part = parts.get(folderOf(file)) ?? new Set();
    parts.set(folderOf(file), part);
    for (const target of targets) if (folderOf(target) !== folderOf(file)) part.add(folderOf(target));
  }
  return parts;
}

/** Groups of nodes that reach one another (Tarjan's strongly connected components), the lowest first. */
export function components(graph: Graph): readonly (readonly string[])[] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): number => {
    const number = order.size;
    order.set(node, number);
    lowest.set(node, number);
    stack.push(node);
    for (const target of graph.get(node) ?? []) {
      const reached = order.has(target) ? (lowest.get(target) ?? number) : visit(target);
      lowest.set(node, Math.min(lowest.get(node) ?? number, reached));
    }
    if (lowest.get(node) === number) {
      const group = stack.splice(stack.indexOf(node));
      // Not on the stack any more: an arrow to it closes no circle.
      for (const member of group) lowest.set(member, Number.POSITIVE_INFINITY);
      found.push(group);
    }
    return lowest.get(node) ?? number;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

export function circles(graph: Graph): readonly (readonly string[])[] {
  return components(graph).filter((group) => group.length > 1);
}
