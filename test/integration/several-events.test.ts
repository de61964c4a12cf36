import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';

interface Letter {
  readonly offset: number;
  readonly event_index?: number;
  readonly value: string;
  readonly error: { readonly code: string; readonly hops?: number };
}

const valid = JSON.parse(orderRecord('several', 1).value.toString());
const order = (messageId: string | undefined, more: object = {}) => ({ ...valid, messageId, ...more });
/** Purchases need a value. */
const incomplete = (messageId: string) => order(messageId, { properties: { order_id: messageId } });

describe('records that hold several events', () => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox({ audiences: [{ id: '120200000000000001', accountId: '77', name: 'crm' }] });
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'several-'));
  });
  afterEach(() => sandbox.close());

  const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'several-token' });
  const lettersOf = (path: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Letter => JSON.parse(line));

  function fileOf(lines: readonly unknown[]): string {
    const path = join(folder, 'events.ndjson');
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  }

  const run = (file: string, mappings = purchaseMappings()) =>
    runProgram(['run', '--mappings', mappings, '--source', `file:${file}`, '--once'], { environment: environment() });

  test('each event ends by itself, and a replay sends only the one that failed', async () => {
    const lines = [
      [order('a'), incomplete('b'), 5, order('c'), order('a')],
      { batch: [order('d'), incomplete('e')], sentAt: '2026-01-01T00:00:00Z' },
      order('f', { type: 'TRACK' }),
    ];
    const file = fileOf(lines);
    const { code, stderr } = await run(file);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('error:')]);
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => sandbox.state.received(id))).toEqual([1, 0, 1, 1, 0, 1]);

    const place = `${file}.dead-letters.ndjson`;
    const second = Buffer.byteLength(`${JSON.stringify(lines[0])}\n`);
    expect(
      lettersOf(place)
        .map(({ offset, event_index, error, value }) => [offset, event_index, error.code, JSON.parse(value)])
        .sort(([a, b], [c, d]) => a - c || b - d),
    ).toEqual([
      [0, 1, 'PURCHASE_VALUE_MISSING', incomplete('b')],
      [0, 2, 'NOT_AN_EVENT', 5],
      [0, 4, 'DUPLICATE_EVENT_ID', order('a')],
      [second, 1, 'PURCHASE_VALUE_MISSING', { ...incomplete('e'), sentAt: '2026-01-01T00:00:00Z' }],
    ]);

    // The cause is fixed: the mapping gives a value by itself.
    const mended = join(folder, 'mended.json');
    const mapping = { value: 5, currency: 'EUR' };
    const settings = { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } };
    const subscriptions = [{ name: 'Orders', action: 'purchase', mapping }];
    writeFileSync(mended, JSON.stringify({ name: 'shop', settings, subscriptions }));
    const parameters = [
      'replay',
      '--mappings',
      mended,
      '--from',
      `file:${place}`,
      '--code',
      'PURCHASE_VALUE_MISSING',
      '--json',
    ];
    const replayed = await runProgram(parameters, { environment: environment() });
    expect(JSON.parse(replayed.stdout)).toMatchObject({ selected: 2, replayed: 2, delivered: 2, marked: 2 });
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => sandbox.state.received(id))).toEqual([1, 1, 1, 1, 1, 1]);
    const again = await runProgram(parameters, { environment: environment() });
    expect(JSON.parse(again.stdout)).toMatchObject({ replayed: 0, notReplayed: { already_replayed: 2 } });
  }, 60_000);

  test('an event without an id gets one of its own, the same again in a replay', async () => {
    const file = fileOf([[order(undefined), order(undefined)]]);
    expect((await run(file)).code).toBe(0);
    expect(sandbox.state.summary().events.unique).toBe(2);
    writeFileSync(`${file}.offset`, readFileSync(`${file}.offset`, 'utf8').replace(/"offset":\d+/, '"offset":0'));
    expect((await run(file)).code).toBe(0);
    expect(sandbox.state.summary().events).toMatchObject({ unique: 2 });
  }, 60_000);

  test('the last word of a person within a record counts in an audience', async () => {
    const settings = { ad_account_id: '77', access_token: { $env: 'META_ACCESS_TOKEN' } };
    const mapping = { audience_id: '120200000000000001' };
    const mappings = join(folder, 'crm.json');
    const subscriptions = [{ name: 'Rows', action: 'sync-audience', mapping }];
    writeFileSync(mappings, JSON.stringify({ name: 'crm', settings, subscriptions }));
    const row = (event: string, userId: string) => ({ type: 'track', event, userId, properties: {} });
    const record = { type: 'record', action: 'insert', fields: { EMAIL: 'r@shop.example' }, userId: 'r' };
    const file = fileOf([
      [row('new', 'a'), row('deleted', 'a'), row('new', 'b')],
      [row('new', 'c'), row('deleted', 'b'), row('new', 'a')],
      { batch: [row('deleted', 'c'), record] },
    ]);
    const { code, stderr } = await run(file, mappings);
    expect(code, stderr).toBe(0);
    expect([...sandbox.state.members('120200000000000001')].sort()).toEqual(['a', 'r']);
  }, 60_000);

  test('explain shows each event in a line, with its place in the file and in its record', async () => {
    const file = fileOf([order('a'), [order('b'), 5, incomplete('c')], order('d')]);
    const { code, stdout } = await runProgram(['explain', '--mappings', purchaseMappings(), '--json', file], {
      environment: environment(),
    });
    expect(code).toBe(0);
    const shown = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      shown.map(({ event, error, deliveries }) => [
        event.index,
        event.position,
        event.messageId,
        error?.code ?? deliveries[0]?.error?.code ?? deliveries[0]?.status,
      ]),
    ).toEqual([
      [0, undefined, 'a', 'ready'],
      [1, 0, 'b', 'ready'],
      [2, 1, undefined, 'NOT_AN_EVENT'],
      [3, 2, 'c', 'PURCHASE_VALUE_MISSING'],
      [4, undefined, 'd', 'ready'],
    ]);
  }, 60_000);

  test('a record of 10,000 events is sent whole', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => order(`m-${index}`));
    const { code, stderr } = await run(fileOf([many, order('last')]));
    expect(code, stderr).toBe(0);
    expect(sandbox.state.summary().events.unique).toBe(10_001);
  }, 120_000);

  test('a record of more is one dead letter', async () => {
    const file = fileOf([Array.from({ length: 10_001 }, () => ({ type: 'track' })), order('last')]);
    expect((await run(file)).code).toBe(0);
    const [letter, ...others] = lettersOf(`${file}.dead-letters.ndjson`);
    expect([letter?.error.code, letter?.event_index, others]).toEqual(['TOO_MANY_EVENTS', undefined, []]);
    expect(sandbox.state.received('last')).toBe(1);
  }, 60_000);
});
