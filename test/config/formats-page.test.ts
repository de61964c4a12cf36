import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { loadSources } from '../../src/config/sources.ts';
import { compileAvro } from '../../src/formats/avro/compile.ts';
import { cursorOf } from '../../src/formats/values/cursor.ts';

const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
const codes = readFileSync(new URL('../../docs/reference/codes.md', import.meta.url), 'utf8');
/** Of warnings, which aren't about a record; the page explains them itself. */
const registryCodes = page.slice(page.indexOf("The warning's code:"), page.indexOf('A record that can'));
const rows = page
  .slice(page.indexOf('<!-- table: avro -->'), page.indexOf('<!-- end -->'))
  .split('\n')
  .map((line) => [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
  .filter((cells) => cells.length === 3);

describe('docs/formats.md', () => {
  test.each(rows)('%s of %s is %s', (schema = '', hex = '', expected = '') => {
    const bytes = Buffer.from(hex, 'hex');
    const cursor = cursorOf(bytes, 0);
    expect(compileAvro(JSON.parse(schema))(cursor)).toEqual(JSON.parse(expected));
    expect(cursor.at).toBe(bytes.length);
  });

  test('has rows to run', () => {
    expect(rows.length).toBeGreaterThan(8);
  });

  test('shows a file of sources that is valid', () => {
    const [, text = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'formats-page-'));
    const path = join(folder, 'sources.json');
    writeFileSync(path, text);
    const { topics, problems } = loadSources(
      readSettings({ SOURCES: path, SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' }),
    );
    rmSync(folder, { recursive: true });
    expect(problems).toEqual([]);
    expect(topics.of('cdc.public.users')).toMatchObject({ format: 'avro', records: 'debezium' });
  });

  test('names codes that the page of codes explains', () => {
    for (const [, code = ''] of page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)) {
      // Settings.
      if (/^(SOURCES|RECORDS|ENVELOPE|SCHEMA_REGISTRY|MAX_RECORD|_)/.test(code)) continue;
      expect(codes + registryCodes).toContain(`\`${code}\``);
    }
  });
});
