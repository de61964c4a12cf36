import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { type Order, type OrderKind, ordersToReplay, refusedCode } from '../support/orders-to-replay.ts';
import { runProgram } from '../support/program.ts';

describe('replay', () => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox();
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'replay-'));
  });
  afterEach(() => sandbox.close());

  const faults = (method: string, body?: object) =>
    fetch(`${graph}/_sandbox/faults`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const refuse = (all: readonly Order[]) =>
    faults('POST', {
      kind: 'refuse_event',
      event_ids: all.filter(({ kind }) => kind === 'refused').map(({ id }) => id),
    });
  const received = (all: readonly Order[], kind: OrderKind) =>
    all.filter((one) => one.kind === kind).map(({ id }) => sandbox.state.received(id));
  const times = (count: number, each: number) => Array.from({ length: count }, () => each);

  describe('from a file', () => {
    const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'replay-token' });
    const letterPath = () => join(folder, 'letters.ndjson');
    const lines = (path: string) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '');

    async function letters(all: readonly Order[]): Promise<void> {
      const file = join(folder, 'orders.ndjson');
      writeFileSync(file, Buffer.concat(all.flatMap(({ value }) => [value, Buffer.from('\n')])));
      await refuse(all);
      const { code, stderr } = await runProgram(
        [
          'run',
          '--mappings',
          purchaseMappings(),
          '--source',
          `file:${file}`,
          '--once',
          '--dead-letters',
          `file:${letterPath()}`,
        ],
        { environment: environment() },
      );
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    }

    const replay = (...more: readonly string[]) =>
      runProgram(['replay', '--mappings', purchaseMappings(), '--from', `file:${letterPath()}`, ...more], {
        environment: environment(),
      });

    test('rule 34: of 500 letters of three codes, those of one are sent once when the cause is fixed', async () => {
      const all = ordersToReplay('file');
      await letters(all);
      expect(lines(letterPath())).toHaveLength(500);
      expect(received(all, 'good')).toEqual(times(1500, 1));
      await faults('DELETE');

      const dry = await replay('--code', refusedCode, '--dry-run', '--json');
      expect(dry.code).toBe(0);
      const shown = dry.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
      expect(shown).toHaveLength(200);
      expect(new Set(shown.map(({ status }) => status))).toEqual(new Set(['ready']));
      expect(received(all, 'refused')).toEqual(times(200, 0));

      const first = await replay('--code', refusedCode, '--json');
      expect([first.code, first.code === 0 ? '' : first.stderr]).toEqual([0, '']);
      expect(JSON.parse(first.stdout)).toMatchObject({
        read: 500,
        selected: 200,
        replayed: 200,
        delivered: 200,
        marked: 200,
      });
      expect(first.stderr).toContain('200 delivered, 0 set aside again');
      expect(received(all, 'refused')).toEqual(times(200, 1));
      expect(received(all, 'good')).toEqual(times(1500, 1));
      expect([...received(all, 'no value'), ...received(all, 'too old')]).toEqual(times(300, 0));

      const second = await replay('--code', refusedCode, '--json');
      expect(second.code).toBe(0);
      expect(JSON.parse(second.stdout)).toMatchObject({ replayed: 0, notReplayed: { already_replayed: 200 } });
      expect(received(all, 'refused')).toEqual(times(200, 1));
      expect(lines(letterPath())).toHaveLength(500);
    });

    test('one that is interrupted finishes what it sent, and ends with 1; the next one goes on', async () => {
      const all = ordersToReplay('interrupted').slice(0, 40);
      await letters(all);
      await faults('DELETE');
      await faults('POST', { kind: 'latency', millis: 1500 });
      const before = sandbox.state.summary().requests.total;
      const running = startConnector({
        arguments: [
          'replay',
          '--mappings',
          purchaseMappings(),
          '--from',
          `file:${letterPath()}`,
          '--code',
          refusedCode,
        ],
        environment: environment(),
      });
      await expect.poll(() => sandbox.state.summary().requests.total).toBeGreaterThan(before);
      running.kill('SIGTERM');
      expect(await running.exited).toBe(1);
      await faults('DELETE');
      expect((await replay('--code', refusedCode)).code).toBe(0);
      expect(new Set(received(all, 'refused'))).toEqual(new Set([1]));
    });

    test('rule 34: what fails again is a new letter with one hop more, at most five', async () => {
      const all = ordersToReplay('hops').slice(0, 40);
      await letters(all);
      const ofCode = () =>
        lines(letterPath())
          .map((line) => JSON.parse(line))
          .filter(({ error }) => error.code === refusedCode);
      expect(ofCode().map(({ error }) => error.hops)).toEqual([undefined, undefined, undefined, undefined]);
      for (let hops = 1; hops <= 5; hops++) {
        const { code } = await replay('--code', refusedCode);
        expect(code).toBe(0);
        const last = ofCode().slice(-4);
        expect(last.map(({ error }) => error.hops)).toEqual([hops, hops, hops, hops]);
        expect(last.map(({ value }) => value)).toEqual(
          ofCode()
            .slice(0, 4)
            .map(({ value }) => value),
        );
        expect(last.map(({ headers }) => headers)).toEqual([undefined, undefined, undefined, undefined]);
      }
      const sixth = await replay('--code', refusedCode, '--json');
      expect(JSON.parse(sixth.stdout)).toMatchObject({ replayed: 0, notReplayed: { too_many_hops: 4 } });
      expect(ofCode()).toHaveLength(24);
    });

    test('rule 34: only the failed subscription gets it, a limit holds, and an unknown subscription stays unmarked', async () => {
      const all = ordersToReplay('some').slice(0, 40);
      await letters(all);
      await faults('DELETE');
      const limited = await replay('--code', refusedCode, '--limit', '1', '--json');
      expect(JSON.parse(limited.stdout)).toMatchObject({ replayed: 1, delivered: 1 });

      const two = mkdtempSync(join(tmpdir(), 'mappings-'));
      writeFileSync(
        join(two, 'shop.json'),
        JSON.stringify({
          name: 'shop',
          settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
          subscriptions: [
            { name: 'Orders', action: 'purchase' },
            { name: 'All', action: 'custom-event', trigger: 'type = "track"', mapping: { event_name: 'Seen' } },
          ],
        }),
      );
      const rest = await replay('--code', refusedCode, '--mappings', two, '--json');
      expect(JSON.parse(rest.stdout)).toMatchObject({ replayed: 3, delivered: 3 });
      expect(received(all, 'refused')).toEqual(times(4, 1));

      const renamed = mkdtempSync(join(tmpdir(), 'mappings-'));
      writeFileSync(
        join(renamed, 'shop.json'),
        readFileSync(join(two, 'shop.json'), 'utf8').replace('"Orders"', '"Sales"'),
      );
      const unknown = await replay('--code', 'EVENT_TOO_OLD', '--mappings', renamed, '--json');
      expect(unknown.code).toBe(1);
      expect(JSON.parse(unknown.stdout)).toMatchObject({ replayed: 0, notReplayed: { unknown_subscription: 3 } });
      const since = await replay('--since', '2999-01-01T00:00:00Z', '--json');
      expect(JSON.parse(since.stdout)).toMatchObject({ read: 10, selected: 0 });
    });
  });
});
