import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { versions } from 'node:process';

/** One measured value, beside the floor's of the same run where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly floor?: number;
  readonly note?: string;
}

export type Unit = 'µs' | 'ms' | 's' | 'MB' | '/s' | '%' | '×' | '';

/** What must hold. */
export interface Target {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** The target that every part has which sends something. */
export const lostName = 'Lost, in any part';

export interface Plot {
  /** Of the SVG, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly x: { readonly label: string; readonly values: readonly (string | number)[] };
  readonly y: { readonly label: string };
  readonly kind: 'bars' | 'lines';
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** What a part of the harness found out. */
export interface PartResult {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly about: string;
  readonly figures: readonly Figure[];
  readonly targets?: readonly Target[];
  readonly plots?: readonly Plot[];
}

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
}

/** The one source of the table and the plots in the docs. Each part is as it was measured last. */
export interface Results {
  readonly parts: Readonly<Record<string, PartResult & { readonly at: string; readonly machine: Machine }>>;
}

function machine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? '',
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: versions.node,
  };
}

export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : { parts: {} };
}

/** Parts keep the order of `names`, whatever was measured last. */
export function writeResult(path: string, names: readonly string[], name: string, result: PartResult): void {
  const measured = { ...readResults(path).parts, [name]: { at: today(), machine: machine(), ...result } };
  const parts = Object.fromEntries(names.flatMap((key) => (measured[key] === undefined ? [] : [[key, measured[key]]])));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ parts }, rounded, 1)}\n`);
}

export function isMet({ value, atMost, atLeast }: Target): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}
