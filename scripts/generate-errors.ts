/**
 * Writes the tables of docs/reference/errors.md from the error table of the product.
 *
 *     node scripts/generate-errors.ts
 *
 * A test fails when the page isn't what this would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NumberOrRange, PlainRow, Verdict } from '../src/meta/error-row.ts';
import {
  graphErrors,
  httpErrors,
  networkErrors,
  unreadableErrors,
  unreadableForGood,
} from '../src/meta/error-table.ts';

const page = resolve(import.meta.dirname, '../docs/reference/errors.md');

/** The page with its tables written anew; what stands between them is written by people. */
export function errorsPage(text: string): string {
  const tables = { graph: graphTable(), http: httpTable(), network: networkTable() };
  return Object.entries(tables).reduce((written, [name, rows]) => replaced(written, name, rows), text);
}

function replaced(text: string, name: string, rows: string): string {
  const begin = `<!-- table: ${name} -->\n`;
  const start = text.indexOf(begin) + begin.length;
  const end = text.indexOf('<!-- end -->', start);
  if (start < begin.length || end < 0) throw new Error(`docs/reference/errors.md has no table ${name}`);
  return `${text.slice(0, start)}${rows}${text.slice(end)}`;
}

function graphTable(): string {
  const sorted = graphErrors.toSorted(
    (a, b) =>
      first(a.code) - first(b.code) ||
      Number(a.subcode === undefined) - Number(b.subcode === undefined) ||
      first(a.subcode) - first(b.subcode),
  );
  return table(
    sorted.map((row) => [
      row.message === undefined
        ? codeOf(row.code, row.subcode)
        : `${codeOf(row.code)}, text \`${row.message.source.replaceAll('|', ' or ')}\``,
      `${row.name}. ${row.meaning}`,
      outcomeOf(row.outcome),
      row.fix,
    ]),
  );
}

function httpTable(): string {
  const cells = (code: string, row: PlainRow) => [code, `${row.name}. ${row.meaning}`, outcomeOf(row.outcome), row.fix];
  return table([
    cells("`HTTP_200 to 299`, Meta's own or not", unreadableForGood),
    ...unreadableErrors.map((row) => cells(`\`HTTP_${rangeOf(row.status)}\`, with Meta's headers`, row)),
    ...httpErrors.map((row) => cells(`\`HTTP_${rangeOf(row.status)}\``, row)),
  ]);
}

function networkTable(): string {
  return table(
    Object.entries(networkErrors).map(([reason, row]) => [
      `\`NETWORK_${reason.toUpperCase()}\``,
      `${row.name}. ${row.meaning}`,
      outcomeOf(row.outcome),
      row.fix,
    ]),
  );
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |\n`);
  return `| code | meaning | outcome | what to do |\n|---|---|---|---|\n${lines.join('')}`;
}

function codeOf(code: NumberOrRange, subcode?: NumberOrRange): string {
  const tail = subcode === undefined ? '' : `_${rangeOf(subcode)}`;
  return first(code) < -1 ? 'a negative code' : `\`META_${rangeOf(code)}${tail}\``;
}

function rangeOf(range: NumberOrRange): string {
  return typeof range === 'number' ? String(range) : `${range[0]} to ${range[1]}`;
}

function first(range: NumberOrRange | undefined): number {
  return typeof range === 'object' ? range[0] : (range ?? Number.POSITIVE_INFINITY);
}

function outcomeOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'retryable':
      if (verdict.mayLast === true) return 'retry, then block';
      return verdict.halve === true ? 'retry in halves' : 'retry';
    case 'throttled':
      return `wait (${verdict.scope === 'useCase' ? 'use case' : verdict.scope})${verdict.waitMillis === undefined ? '' : `, ${verdict.waitMillis / 60_000} min`}`;
    case 'rejected':
      return 'reject';
    case 'blocked':
      return 'block';
  }
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, errorsPage(readFileSync(page, 'utf8')));
