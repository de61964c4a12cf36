import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, purchaseMappings, startConnector } from '../support/connector-process.ts';
import { shopEvent } from '../support/shop-event.ts';

const token = 'a-token-of-the-operators';
const hostileName = 'Odd\n00:00:00.000  sent \u001b[2J\u202Etxt.exe';
const escapeCharacter = '\u001b';
let folder: string;
let mappings: string;
let sandbox: Sandbox;
let graph: string;
let connector: ConnectorProcess;
let running: ConnectorProcess[] = [];

async function openConnector(name: string): Promise<ConnectorProcess> {
  const opened = startConnector({
    arguments: ['run', '--source', '-', '--mappings', mappings, '--dead-letters', `file:${join(folder, name)}`],
    // Only where it listens elsewhere does it ask for a token.
    environment: { META_GRAPH_URL: graph, OPS_HOST: '0.0.0.0', OPS_TOKEN: token },
    fed: true,
  });
  await opened.ready();
  return opened;
}

const addressOf = (of: ConnectorProcess) => of.opsUrl()?.replace('0.0.0.0', '127.0.0.1') ?? '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tail-'));
  // Half of the orders are rejected here, for as long as a slow machine takes.
  mappings = purchaseMappings({ fuse: false });
  sandbox = createSandbox();
  graph = await sandbox.listen();
  connector = await openConnector('letters');
});
afterEach(() => {
  for (const each of feeding) clearInterval(each);
  feeding = [];
  for (const each of running) each.kill('SIGKILL');
  running = [];
});
afterAll(async () => {
  connector?.kill('SIGKILL');
  await sandbox?.close();
  for (const each of [folder, mappings]) rmSync(each, { recursive: true, force: true });
});

/** The command as users run it, of the connector of this file unless another one is named. */
function command(parameters: readonly string[], environment: Readonly<Record<string, string>> = { OPS_TOKEN: token }) {
  const url = parameters.includes('--url') ? [] : ['--url', addressOf(connector)];
  const started = startConnector({ arguments: [...parameters, ...url], environment });
  running.push(started);
  return started;
}

let events = 0;
let feeding: NodeJS.Timeout[] = [];

const orders = (count: number) =>
  Array.from({ length: count }, () => {
    events += 1;
    return shopEvent(`order-${events}`);
  });

/** Until the test ends: nobody knows when the command begins to listen. */
function feedOn(given: () => readonly object[], to = connector): void {
  const feed = () =>
    to.feed(
      given()
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
  feed();
  feeding.push(setInterval(feed, 200));
}

const linesOf = (of: ConnectorProcess) => of.printed().split('\n').slice(0, -1);

const heard = (of: ConnectorProcess, lines = 1) =>
  expect.poll(() => linesOf(of).length, { interval: 50 }).toBeGreaterThanOrEqual(lines);

describe('tail', () => {
  test('prints decisions as lines of JSON, those that were asked for, with nothing of people', async () => {
    const sent = command(['tail', '--json', '--outcome', 'sent', '--event', 'order COMPLETED', '--per-second', '50']);
    const others = command(['tail', '--json', '--outcome', 'rejected,no_match', '--per-second', '50']);
    const [noValue, other] = [shopEvent('no-value', { total: undefined }), { ...shopEvent('other'), event: 'Else' }];
    feedOn(() => [...orders(1), noValue, other]);
    await heard(sent);
    const decisions = (of: ConnectorProcess) => linesOf(of).map((line) => JSON.parse(line) as AnswerOf<'decisions'>);
    for (const decision of decisions(sent)) {
      expect(decision).toMatchObject({ outcome: 'sent', destination: 'shop', event: 'Order Completed' });
    }
    await expect
      .poll(() => new Set(decisions(others).map(({ outcome }) => outcome)))
      .toEqual(new Set(['rejected', 'no_match']));
    for (const each of [sent, others]) expect(each.printed()).not.toMatch(/@example\.com|198\.51\.100/);
  });

  test('prints one line for each, whatever an event is called, and colours nothing', async () => {
    const plain = command(['tail', '--outcome', 'no_match'], { OPS_TOKEN: token, FORCE_COLOR: '1' });
    feedOn(() => [{ ...shopEvent('odd'), event: hostileName }]);
    await heard(plain);
    for (const line of linesOf(plain)) {
      expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}no_match .*Odd\\n00.*No trigger matches\.$/);
      expect(line).not.toContain(escapeCharacter);
      expect(line).not.toContain('\u202E');
    }
  });

  test('prints no more a second than it was asked to', async () => {
    const startedAt = performance.now();
    const sampled = command(['tail', '--json', '--per-second', '1']);
    feedOn(() => orders(200));
    await heard(sampled, 3);
    expect(linesOf(sampled).length).toBeLessThan(3 + (performance.now() - startedAt) / 1_000);
    const refused = command(['tail', '--per-second', '1000']);
    expect(await refused.exited).toBe(1);
    expect(refused.log()).toContain('perSecond must be a number from 1 to 50');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends in order at %s', async (signal) => {
    const tail = command(['tail']);
    feedOn(() => orders(1));
    await heard(tail);
    tail.kill(signal);
    expect(await tail.exited).toBe(0);
    expect(tail.log()).toBe('');
  });

  test('ends in order when nobody reads it any more', async () => {
    const tail = command(['tail', '--json', '--per-second', '50']);
    feedOn(() => orders(5));
    await heard(tail);
    tail.leaveUnread();
    expect([await tail.exited, tail.log()]).toEqual([0, '']);
  });
});

describe('top', () => {
  test('shows once in words and figures how it is', async () => {
    feedOn(() => orders(1));
    for (const environment of [
      { OPS_TOKEN: token, NO_COLOR: '1' },
      { OPS_TOKEN: token, FORCE_COLOR: '1' },
    ]) {
      const top = command(['top', '--once'], environment);
      expect([await top.exited, top.log()]).toEqual([0, '']);
      expect(top.printed()).toMatch(/reached Meta/);
      expect(top.printed()).toMatch(/^subscription +state +accepted\/s +matched +sent +accepted +skipped +set aside$/m);
      expect(top.printed()).toMatch(/^shop\/Orders +well +\d+\.\d +\d+ +\d+ +\d+ +0 +\d+$/m);
      expect(top.printed()).not.toContain(escapeCharacter);
    }
  });

  test('goes on until it is interrupted, each time parted by a blank line', async () => {
    const top = command(['top']);
    await expect.poll(() => top.printed().split('\n\nAll is well.').length).toBeGreaterThan(1);
    expect(top.printed()).not.toContain(escapeCharacter);
    top.kill('SIGINT');
    expect([await top.exited, top.log()]).toEqual([0, '']);
  });

  test('prints the answers of the API as lines of JSON', async () => {
    const top = command(['top', '--json']);
    await expect.poll(() => linesOf(top).length).toBeGreaterThan(1);
    for (const line of linesOf(top)) {
      expect(JSON.parse(line)).toMatchObject({ status: { state: 'well' }, subscriptions: [{ id: 'Orders' }] });
    }
  });
});

describe('a connector that wants a token', () => {
  test.each([['tail'], ['top', '--once']])('refuses %s without it, or with another', async (...parameters) => {
    for (const environment of [{}, { OPS_TOKEN: 'another' }]) {
      const refused = command(parameters, environment);
      expect(await refused.exited).toBe(1);
      expect(refused.log()).toMatch(/^error: .*the token is missing or wrong.*\[OPS_REFUSED\]\n$/);
      expect(refused.printed()).toBe('');
    }
  });

  test('takes it from --token, and from the file of OPS_TOKEN_FILE', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${token}\n`);
    for (const top of [
      command(['top', '--once', '--token', token], {}),
      command(['top', '--once'], { OPS_TOKEN_FILE: file }),
    ]) {
      expect([await top.exited, top.log()]).toEqual([0, '']);
    }
    const tail = command(['tail', '--token', token], {});
    feedOn(() => orders(1));
    await heard(tail);
  });
});

describe('a connector that is not there', () => {
  test('is told of with what to do', async () => {
    for (const parameters of [['tail'], ['top']]) {
      const lost = command([...parameters, '--url', '127.0.0.1:1']);
      expect(await lost.exited).toBe(1);
      expect(lost.log()).toMatch(/^error: no connector answers at 127\.0\.0\.1:1 .*--url \[OPS_UNREACHABLE\]\n$/);
    }
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('any more after %s ends both with the reason', async (signal) => {
    const another = await openConnector(`letters-${signal}`);
    running.push(another);
    const url = addressOf(another);
    const [tail, top] = [command(['tail', '--url', url]), command(['top', '--url', url])];
    feedOn(() => orders(1), another);
    await heard(tail);
    await expect.poll(() => top.printed()).toContain('shop/Orders');
    for (const each of feeding) clearInterval(each);
    another.kill(signal);
    expect([await tail.exited, await top.exited]).toEqual([1, 1]);
    expect(tail.log()).toMatch(/^error: the connector at .* has gone.*\[OPS_GONE\]\n$/);
    expect(top.log()).toMatch(/^error: .*\[OPS_(UNREACHABLE|GONE)\]\n$/);
  });
});
