import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';

interface Letter {
  readonly topic: string;
  readonly offset: number;
  readonly value: string;
  readonly encoding?: string;
  readonly error: { readonly code: string; readonly subscription?: string };
}

describe('a file of events, streamed once', () => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox();
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'file-run-'));
  });
  afterEach(() => sandbox.close());

  const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'file-run-token' });
  const letters = () =>
    readFileSync(join(folder, 'letters.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Letter => JSON.parse(line));

  function run(source: string, input?: Buffer, ...more: string[]) {
    const place = `file:${join(folder, 'letters.ndjson')}`;
    const parameters = [
      'run',
      '--mappings',
      purchaseMappings(),
      '--source',
      source,
      '--dead-letters',
      place,
      '--once',
      ...more,
    ];
    return runProgram(parameters, {
      environment: { SHUTDOWN_TIMEOUT_MS: '3000', ...environment() },
      ...(input !== undefined && { input }),
    });
  }

  /** `count` orders, of which those at an index in `skipping` are left out. */
  function orders(count: number): { readonly bytes: Buffer; readonly ids: readonly string[] } {
    const all = Array.from({ length: count * 2 }, (_, index) => orderRecord('file', index));
    const valid = all.filter(({ eventId }) => eventId !== undefined).slice(0, count);
    const newline = Buffer.from('\n');
    return {
      bytes: Buffer.concat(valid.flatMap(({ value }) => [value, newline])),
      ids: valid.map(({ eventId }) => eventId ?? ''),
    };
  }

  test('one event among 1,000 that Meta refuses is singled out in at most 21 requests', async () => {
    const { bytes, ids } = orders(1000);
    const guilty = ids[617] ?? '';
    const file = join(folder, 'orders.ndjson');
    writeFileSync(file, bytes);
    await fetch(`${graph}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'refuse_event', event_id: guilty }),
    });
    const { code, stderr } = await run(`file:${file}`);
    expect(stderr).not.toContain('error:');
    expect(code).toBe(0);
    expect(sandbox.state.summary().events.unique).toBe(999);
    expect(ids.filter((id) => sandbox.state.received(id) === 0)).toEqual([guilty]);
    expect(sandbox.state.summary().requests.total).toBeLessThanOrEqual(21);
    const found = letters();
    expect(found).toHaveLength(1);
    expect(JSON.parse(found[0]?.value ?? '').messageId).toBe(guilty);
    expect(found[0]?.error.code).toMatch(/^META_100/);
    expect(found[0]?.error.subscription).toBe('Orders');
  });

  test('a second run of the same file sends nothing again, and goes on where it grew', async () => {
    const { bytes, ids } = orders(30);
    const file = join(folder, 'orders.ndjson');
    writeFileSync(file, bytes.subarray(0, bytes.indexOf('\n') + 1));
    expect((await run(`file:${file}`)).code).toBe(0);
    writeFileSync(file, bytes);
    expect((await run(`file:${file}`)).code).toBe(0);
    expect((await run(`file:${file}`)).code).toBe(0);
    expect(ids.map((id) => sandbox.state.received(id))).toEqual(ids.map(() => 1));
  });

  test('rule 18: when the only event fails again and again, the run gives up with the cause, and the event is neither lost nor a dead letter', async () => {
    const { bytes, ids } = orders(1);
    const file = join(folder, 'orders.ndjson');
    writeFileSync(file, bytes);
    const faults = `${graph}/_sandbox/faults`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ kind: 'refuse_event', event_ids: ids, code: 2 });
    await fetch(faults, { method: 'POST', headers, body });
    const given = await run(`file:${file}`, undefined, '--max-blocked', '0.02');
    expect(given.code).toBe(1);
    expect(given.stderr).toMatch(/error: lane shop has got nothing through for \d+ s: .*\[NOTHING_DELIVERED\]/s);
    expect(existsSync(join(folder, 'letters.ndjson')) ? letters() : []).toEqual([]);
    await fetch(faults, { method: 'DELETE' });
    expect((await run(`file:${file}`)).code).toBe(0);
    expect(sandbox.state.events().map(({ event }) => event['event_id'])).toEqual(ids);
  });

  test('stdin is streamed the same way', async () => {
    const { bytes, ids } = orders(20);
    expect((await run('-', bytes)).code).toBe(0);
    expect(ids.map((id) => sandbox.state.received(id))).toEqual(ids.map(() => 1));
  });

  test('whatever stands in a line ends as a delivery, a dead letter or a documented skip', async () => {
    const good = orderRecord('good', 1).value;
    const object = JSON.parse(good.toString());
    const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    const withProperties = (properties: object) =>
      JSON.stringify({ ...object, properties: { ...object.properties, ...properties } });
    const lines: readonly (readonly [line: string | Buffer, code: string | undefined])[] = [
      ['not json', 'NOT_JSON'],
      ['12', 'NOT_AN_EVENT'],
      ['{"event":"x"}', 'NOT_AN_EVENT'],
      [JSON.stringify({ ...object, type: 'buy' }), 'UNKNOWN_TYPE'],
      [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'INVALID_UTF8'],
      [`{"type":"track","event":"Order Completed","properties":${nested(10_000)}}`, 'TOO_DEEP'],
      // The value of the products is sent instead, with a warning.
      [withProperties({ total: {} }).replace('"good-', '"object-'), undefined],
      [withProperties({ total: 'twelve' }).replace('"good-', '"word-'), undefined],
      [withProperties({ total: 'twelve', products: [] }), 'PURCHASE_VALUE_MISSING'],
      [withProperties({ currency: ['USD'] }).replace('"good-', '"listed-'), undefined],
      [withProperties({ currency: 'EURO' }), 'CURRENCY_INVALID'],
      [
        JSON.stringify({ ...object, messageId: 'proto' }).replace(
          '"properties":{',
          '"__proto__":{"x":1},"properties":{"__proto__":{"total":1},',
        ),
        undefined,
      ],
      [
        JSON.stringify({ ...object, messageId: 'large', context: { ...object.context, note: 'x'.repeat(5_000_000) } }),
        undefined,
      ],
      [good, undefined],
    ];
    const file = join(folder, 'lines.ndjson');
    writeFileSync(file, Buffer.concat(lines.flatMap(([line]) => [Buffer.from(line), Buffer.from('\n')])));
    const { code, stderr } = await run(`file:${file}`);
    expect(stderr).not.toContain('error:');
    expect(code).toBe(0);
    const found = letters();
    const text = ({ value, encoding }: Letter) => Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8');
    for (const [line, expected] of lines) {
      const letter = found.find((one) => text(one).equals(Buffer.from(line)));
      expect([Buffer.from(line).toString().slice(0, 60), letter?.error.code]).toEqual([
        Buffer.from(line).toString().slice(0, 60),
        expected,
      ]);
    }
    expect(sandbox.state.summary().events.unique).toBe(lines.filter(([, expected]) => expected === undefined).length);
  });
});
