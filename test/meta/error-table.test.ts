import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { NumberOrRange, PlainRow, Verdict } from '../../src/meta/error-row.ts';
import {
  graphErrorRow,
  graphErrors,
  httpErrors,
  networkErrors,
  unreadableErrors,
  unreadableForGood,
} from '../../src/meta/error-table.ts';

const page = new URL('../../docs/reference/errors.md', import.meta.url);

describe('the error table', () => {
  it('gives every row a name, a meaning and a fix', () => {
    for (const row of [...graphErrors, ...httpErrors, ...unreadableErrors, ...Object.values(networkErrors)]) {
      expect(row.name, JSON.stringify(row)).toMatch(/^\S.{3,}/);
      expect(row.meaning, row.name).toMatch(/\S.*\.$/);
      expect(row.fix, row.name).toMatch(/\S.*\.$/);
    }
  });

  it('has no two rows for the same code, subcode and text', () => {
    const keys = graphErrors.map((row) => JSON.stringify([row.code, row.subcode, row.message?.source]));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('reads texts for code 100 without a subcode alone', () => {
    for (const row of graphErrors.filter((each) => each.message !== undefined)) {
      expect([row.code, row.subcode]).toEqual([100, undefined]);
    }
    expect(graphErrorRow(190, undefined, 'appsecret_proof')?.name).toBe('Token refused');
    expect(graphErrorRow(100, 2804019, '(#100) Missing Permission')?.name).toBe('Invalid parameter');
  });

  it('prefers the exact subcode to the range, and the exact code to the range', () => {
    expect(graphErrorRow(100, 2804131, '')?.outcome.kind).toBe('blocked');
    expect(graphErrorRow(100, 2804130, '')?.name).toBe('Invalid event');
    expect(graphErrorRow(270, undefined, '')?.name).toBe('Development access');
    expect(graphErrorRow(200, 1870090, '')?.name).toBe('Terms not accepted');
    expect(graphErrorRow(200, 1, '')?.name).toBe('Permission refused');
  });

  // UPDATE_DOCS=1 writes the tables anew.
  it.each([
    ['graph', graphTable()],
    ['http', httpTable()],
    ['network', networkTable()],
  ])('is the table in docs/reference/errors.md: %s', async (name, expected) => {
    const text = await readFile(page, 'utf8');
    const start = text.indexOf(`<!-- table: ${name} -->\n`) + `<!-- table: ${name} -->\n`.length;
    const end = text.indexOf('<!-- end -->', start);
    expect(start).toBeGreaterThan(100);
    if (process.env['UPDATE_DOCS'] === '1') {
      await writeFile(page, `${text.slice(0, start)}${expected}${text.slice(end)}`);
      return;
    }
    expect(text.slice(start, end)).toBe(expected);
  });
});

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
      return verdict.halve === true ? 'retry in halves' : 'retry';
    case 'throttled':
      return `wait (${verdict.scope})${verdict.waitMillis === undefined ? '' : `, ${verdict.waitMillis / 60_000} min`}`;
    case 'rejected':
      return 'reject';
    case 'blocked':
      return 'block';
  }
}
