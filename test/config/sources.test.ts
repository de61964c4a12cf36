import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { loadSources, validSources } from '../../src/config/sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

function settingsFor(text: string, more: Record<string, string> = {}) {
  const path = join(folder, `sources-${files++}.json`);
  writeFileSync(path, text);
  return readSettings({ SOURCES: path, ...more });
}

const registry = { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081' };

const examples = new URL('../../examples/sources/', import.meta.url);

test.each(readdirSync(examples))('the example %s is valid', (name) => {
  const SOURCES = fileURLToPath(new URL(name, examples));
  expect(loadSources(readSettings({ SOURCES, ...registry })).problems).toEqual([]);
});

describe('a file of sources', () => {
  test('says how each topic is read, by name before pattern, and by the settings what it leaves unsaid', () => {
    const text = `// Comments are allowed.
      { "topics": { "/^orders/": { "format": "avro" }, "orders-json": { "envelope": "payload.after", "records": "rows" }, } }`;
    const topics = validSources(settingsFor(text, { ...registry, RECORDS: 'debezium', ENVELOPE: 'data' }));
    expect(topics.of('orders-avro')).toEqual({ format: 'avro', records: 'debezium', envelope: ['data'] });
    expect(topics.of('orders-json')).toEqual({ format: 'json', records: 'rows', envelope: ['payload', 'after'] });
    expect(topics.of('clicks')).toBeUndefined();
    expect(topics.needsRegistry).toBe(true);
  });

  test('says where events are unpacked from, how keys are written, and how files are read', () => {
    const text = `{ "topics": { "batches": { "unpack": "data.events", "key": "json", "records": "rudderstack" },
      "file:values.b64": { "format": "avro" } } }`;
    const topics = validSources(settingsFor(text, registry));
    expect(topics.of('batches')).toEqual({
      format: 'json',
      records: 'rudderstack',
      envelope: [],
      unpack: ['data', 'events'],
      key: 'json',
    });
    expect(topics.of('file:values.b64')?.format).toBe('avro');
  });

  test('needs no registry for JSON', () => {
    expect(validSources(settingsFor('{"topics":{"a":{"format":"json-schema"}}}')).needsRegistry).toBe(false);
    expect(validSources(readSettings({})).of('a')).toBeUndefined();
  });

  test.each([
    ['not JSON', '{"topics": {', 'JSON_SYNTAX', 1],
    ['empty', '', 'JSON_SYNTAX', 1],
    ['without topics', '{}', 'CONFIG_MISSING', 1],
    ['with no topic', '{"topics": {}}', 'CONFIG_VALUE', 1],
    ['with an unknown member', '{\n"topic": {}, "topics": {"a": {}}}', 'CONFIG_UNKNOWN', 2],
    ['with an unknown member of a topic', '{"topics": {\n"a": {\n"formats": "avro"}}}', 'CONFIG_UNKNOWN', 3],
    ['with an unknown format', '{"topics": {\n"a": {"format": "xml"}}}', 'CONFIG_VALUE', 2],
    ['with a number for a text', '{"topics": {\n"a": {"envelope": 7}}}', 'CONFIG_TYPE', 2],
    ['with a hole in the envelope', '{"topics": {\n"a": {"envelope": "a..b"}}}', 'CONFIG_VALUE', 2],
    ['with a name that no topic has', '{"topics": {\n"a b": {}}}', 'CONFIG_VALUE', 2],
    ['with a pattern that is none', '{"topics": {\n"/(/": {}}}', 'CONFIG_VALUE', 2],
    ['with a hole in the way to the list', '{"topics": {\n"a": {"unpack": "a."}}}', 'CONFIG_VALUE', 2],
    ['with keys of an unknown format', '{"topics": {\n"a": {"key": "xml"}}}', 'CONFIG_VALUE', 2],
    ['with Avro keys and no registry', '{"topics": {"a": {\n"key": "avro"}}}', 'REGISTRY_MISSING', 2],
    ['with Avro and no registry', '{"topics": {\n"a": {"format": "avro"}}}', 'REGISTRY_MISSING', 2],
  ])('%s is refused with the place and a fix', (_name, text, code, line) => {
    const { problems } = loadSources(settingsFor(text));
    expect(problems[0]).toMatchObject({ severity: 'error', code, line });
    expect(problems[0]?.fix).toBeTruthy();
    expect(() => validSources(settingsFor(text))).toThrow(code);
  });

  test('that is not there is named with its setting', () => {
    expect(() => loadSources(readSettings({ SOURCES: '/nowhere/sources.json' }))).toThrow(/SOURCES.*nowhere/);
  });
});
