import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunEnd, summaryText } from '../../../src/cli/command/run-summary.ts';
import { oddShapeOf } from '../../../src/file/source-shape.ts';
import { createRunTotals } from '../../../src/observe/run-totals.ts';

const nothing = createRunTotals().totals();

function ended(more: Partial<RunEnd>): string {
  const target = 'file:orders.ndjson.dead-letters.ndjson';
  return summaryText({
    source: 'file:orders.ndjson',
    mappings: 'mappings',
    totals: nothing,
    clean: true,
    deadLetters: target,
    waits: [],
    ...more,
  });
}

function fileWith(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'shape-')), name);
  writeFileSync(path, text);
  return path;
}

describe('the summary of a run', () => {
  it('accounts for what was read, names where dead letters are and came from, and what to do', () => {
    const observer = createRunTotals();
    const of = { destination: 'shop', subscription: 'Orders' };
    observer.emit({ kind: 'records_read', topic: 'orders', count: 7, bytes: 1 });
    observer.emit({ kind: 'records_read', topic: 'clicks', count: 4, bytes: 1 });
    observer.emit({ kind: 'delivered', ...of, action: 'purchase', count: 5 });
    observer.emit({ kind: 'skipped', ...of, reason: 'trigger', count: 4 });
    const at = { topic: 'orders', partition: 0, offset: 3 };
    for (let count = 0; count < 2; count += 1) {
      observer.emit({ kind: 'dead_letter', ...of, code: 'NOT_JSON', message: 'the record is not JSON', ...at });
    }
    const target = 'topic:other-letters';
    expect(ended({ source: 'kafka', totals: observer.totals(), deadLetters: target })).toBe(
      [
        'read:              11 7 from orders, 4 from clicks',
        'delivered:          5',
        '        5 shop/Orders',
        'skipped:            4',
        '        4 trigger',
        'dead letters:       2 in the topic other-letters',
        '        2 NOT_JSON, from orders',
        'Fix the mapping or the source, then see what a replay would send: meta-actions replay --mappings mappings --from topic:other-letters --dry-run',
      ].join('\n'),
    );
  });

  it('says of a file that was finished before that it was, and how to send it again', () => {
    const totals = { ...nothing, startedAt: { 'file:orders.ndjson': 812 } };
    expect(ended({ totals })).toContain(
      'orders.ndjson was finished by an earlier run, and nothing was added since. To send it again, delete orders.ndjson.offset.',
    );
    expect(ended({})).toContain('orders.ndjson holds no records.');
  });

  it('says what keeps it from being finished', () => {
    const text = ended({ clean: false, waits: ['lane shop is blocked: The token has expired. Fix: Make a new one.'] });
    expect(text).toContain('Not everything that was read is settled');
    expect(text).toContain('lane shop is blocked: The token has expired. Fix: Make a new one.');
  });

  it('points at explain where nothing was sent', () => {
    const totals = { ...nothing, read: { 'file:orders.ndjson': 3 }, skipped: { trigger: 3 } };
    expect(ended({ totals })).toContain(
      '`meta-actions explain --mappings mappings orders.ndjson` shows for each event why.',
    );
  });
});

describe('what a file is, by its beginning', () => {
  it.each([
    [
      'a pretty-printed array',
      'a.json',
      '[\n  {\n    "type": "track"\n  }\n]\n',
      { kind: 'json_over_lines', isArray: true },
    ],
    [
      'one item of an array in a line',
      'a.json',
      '[{"type":"track"},\n{"type":"track"}]\n',
      { kind: 'json_over_lines', isArray: true },
    ],
    ['a pretty-printed object', 'a.json', '\n{\n  "type": "track"\n}\n', { kind: 'json_over_lines', isArray: false }],
    ['nothing', 'a.ndjson', '', { kind: 'empty' }],
    ['blanks', 'a.csv', ' \n\n', { kind: 'empty' }],
    ['another separator', 'a.csv', 'email^phone^name\na^b^c\n', { kind: 'separator', separator: '^' }],
    ['a single column', 'a.csv', 'email\na@shop.example\n', { kind: 'separator', separator: undefined }],
    ['events', 'a.ndjson', '{"type":"track"}\n{"type":"track"}\n', undefined],
    ['a list of events in a line', 'a.ndjson', '[{"type":"track"},{"type":"track"}]\n', undefined],
    ['a table', 'a.csv', 'email;phone\na@shop.example;1\n', undefined],
    ['broken lines', 'a.ndjson', 'not json\n', undefined],
  ])('%s', async (_, name, text, shape) => {
    const found = await oddShapeOf(fileWith(name, text));
    if (shape === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(shape);
  });

  it('is not known of a file that is not there', async () => {
    expect(await oddShapeOf('/nowhere/at/all.ndjson')).toBeUndefined();
  });

  it('is told with the command that makes NDJSON of it', () => {
    const text = ended({ source: 'file:orders.json', shape: { kind: 'json_over_lines', isArray: true } });
    expect(text).toContain(
      "orders.json looks like a JSON array over several lines; it must be NDJSON: one event in each line. Make such a file: jq -c '.[]' orders.json > orders.lines.ndjson",
    );
  });
});
