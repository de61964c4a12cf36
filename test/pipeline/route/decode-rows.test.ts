import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decode } from '../../../src/pipeline/route/decode.ts';

function decoded(message: unknown, records: NonNullable<DecodeOptions['records']>, envelope: readonly string[] = []) {
  return decode(Buffer.from(JSON.stringify(message)), { envelope, records, maxRecordBytes: 1_000_000 });
}

function codeOf(message: unknown, records: NonNullable<DecodeOptions['records']>): string {
  const found = decoded(message, records);
  if (found.kind === 'undecodable') return found.failure.code;
  return found.kind === 'skipped' ? found.reason : found.kind;
}

const source = { connector: 'mysql', table: 'customers', ts_ms: 1_795_000_000_000 };
const time = '2026-11-18T11:06:40.000Z';
const before = { id: 1, email: 'old@example.com' };
const after = { id: 1, email: 'new@example.com' };

describe('a change of a row as Debezium writes it', () => {
  test.each([
    ['c', 'new', { after }, after, {}],
    ['r', 'new', { before: null, after }, after, {}],
    ['u', 'updated', { before, after }, after, { before }],
    ['u', 'updated', { before: null, after }, after, {}],
    ['d', 'deleted', { before, after: null }, before, {}],
  ])('with op %s is the event %s of reverse ETL', (op, event, rows, properties, old) => {
    const expected = {
      kind: 'event',
      event: {
        type: 'track',
        event,
        timestamp: time,
        properties,
        context: { row: { op, table: 'customers', ...old } },
      },
    };
    const change = { ...rows, op, source, ts_ms: 1_795_000_000_500 };
    expect(decoded(change, 'debezium')).toEqual(expected);
    expect(decoded({ schema: { type: 'struct' }, payload: change }, 'debezium')).toEqual(expected);
    expect(decoded({ data: change }, 'debezium', ['data'])).toEqual(expected);
  });

  test('of a document, which is JSON as text, is one of its members', () => {
    const text = '{"_id": {"$oid": "65f0"}, "email": "new@example.com", "points": 12345678901234567890}';
    const properties = { _id: { $oid: '65f0' }, email: 'new@example.com', points: '12345678901234567890' };
    const found = { collection: 'customers', ts_ms: 1_795_000_000_000 };
    expect(decoded({ op: 'c', before: null, after: text, source: found }, 'debezium')).toMatchObject({
      kind: 'event',
      event: { event: 'new', properties, context: { row: { op: 'c', table: 'customers' } } },
    });
    expect(decoded({ op: 'd', before: text, after: null, source: found }, 'debezium')).toMatchObject({
      event: { event: 'deleted', properties },
    });
    for (const after of ['no JSON', '[1]', `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`]) {
      expect(codeOf({ op: 'c', after }, 'debezium')).toBe('ROW_MISSING');
    }
  });

  test('has the time of the database, else of Debezium, else none', () => {
    const timeOf = (more: object) => {
      const found = decoded({ op: 'c', after, ...more }, 'debezium');
      return found.kind === 'event' ? found.event['timestamp'] : found.kind;
    };
    expect(timeOf({ ts_ms: 1_795_000_000_000, source: { ts_ms: 0 } })).toBe(time);
    expect(timeOf({ ts_ms: 1e300 })).toBeUndefined();
    expect(timeOf({ ts_ms: '1795000000000' })).toBeUndefined();
  });

  test.each([
    [{ schema: {}, payload: null }, 'tombstone'],
    [null, 'tombstone'],
    [{ op: 'm', message: { prefix: 'x' } }, 'no_row'],
    [{ op: 't', source }, 'TABLE_TRUNCATED'],
    [{ op: 'd', before: null, after: null }, 'ROW_MISSING'],
    [{ op: 'c', before: null, after: null }, 'ROW_MISSING'],
    [{ op: 'u', after: 'text' }, 'ROW_MISSING'],
    [{ op: 'x', after }, 'NOT_A_ROW'],
    [{ type: 'track', event: 'new' }, 'NOT_A_ROW'],
    [[after, 5], 'several'],
    [5, 'NOT_A_ROW'],
  ])('%j is %s', (message, expected) => expect(codeOf(message, 'debezium')).toBe(expected));
});

describe('a row by itself', () => {
  test.each([
    [after, 'new', after, undefined],
    [
      { ...after, __deleted: 'false', __op: 'u', __table: 'customers', __source_ts_ms: 1_795_000_000_000 },
      'updated',
      after,
      time,
    ],
    [{ ...before, __deleted: 'true', __ts_ms: 1_795_000_000_000 }, 'deleted', before, time],
    [{ ...before, __op: 'd' }, 'deleted', before, undefined],
    [
      { ...after, type: 'gold', op: 'd', payload: 1 },
      'new',
      { ...after, type: 'gold', op: 'd', payload: 1 },
      undefined,
    ],
    [{ schema: {}, payload: after }, 'new', after, undefined],
  ])('%j is an event of reverse ETL', (message, event, properties, timestamp) => {
    const found = decoded(message, 'rows');
    expect(found).toMatchObject({ kind: 'event', event: { type: 'track', event } });
    if (found.kind !== 'event') throw new Error(found.kind);
    expect(found.event['properties']).toEqual(properties);
    expect(found.event['timestamp']).toBe(timestamp);
  });

  test.each([
    [null, 'tombstone'],
    [{}, 'ROW_MISSING'],
    [{ __op: 'd' }, 'ROW_MISSING'],
    [[after, 5], 'several'],
    ['text', 'NOT_A_ROW'],
  ])('%j is %s', (message, expected) => expect(codeOf(message, 'rows')).toBe(expected));
});

test('a row may have columns that are called as what Connect puts around it', () => {
  const row = { id: 1, schema: 'public', payload: 'text' };
  expect(decoded(row, 'rows')).toHaveProperty('event.properties', row);
  expect(decoded({ schema: null, payload: row }, 'rows')).toHaveProperty('event.properties', row);
});

describe('a column that Debezium does not tell', () => {
  const text = '__debezium_unavailable_value';
  const toasted = {
    id: 1,
    bio: text,
    photo: 'X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==',
    emails: [text],
    numbers: [...Buffer.from(text)],
    tags: { [text]: text },
  };

  test.each([
    ['debezium', { op: 'u', before: toasted, after: toasted }, { before: { id: 1 } }],
    ['rows', toasted, {}],
  ] as const)('is absent (%s)', (records, message, context) => {
    const found = decoded(message, records);
    expect(found).toMatchObject({ kind: 'event', event: { context: { row: context } } });
    expect(found).toHaveProperty('event.properties', { id: 1 });
    expect(JSON.stringify(found)).not.toContain('bio');
  });
});
