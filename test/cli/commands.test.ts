import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { purchaseMappings } from '../support/connector-process.ts';
import { demandEmbeddedBroker } from '../support/kafka-broker.ts';
import { runProgram } from '../support/program.ts';
import { runHere } from '../support/program-here.ts';

const broken = resolve(import.meta.dirname, '../fixtures/config/broken');

describe('validate', () => {
  test('of ten broken files names file, line and column of every error, and exits with 2', async () => {
    const { code, stdout } = await runProgram(['validate', '--mappings', broken]);
    expect(code).toBe(2);
    const heads = stdout.split('\n').filter((line) => /: error: /.test(line));
    expect(heads.length).toBeGreaterThanOrEqual(10);
    for (const head of heads) expect(head).toMatch(/\.json:\d+:\d+: error: .+ \[[A-Z_]+\]$/);
    const files = new Set(heads.map((head) => head.split(':')[0]));
    expect(files.size).toBe(10);
  });

  test('prints problems as JSON', async () => {
    const { code, stdout } = await runHere(['validate', '--mappings', broken, '--json']);
    expect(code).toBe(2);
    const { valid, problems } = JSON.parse(stdout);
    expect(valid).toBe(false);
    expect(problems[0]).toMatchObject({ severity: 'error', line: expect.any(Number), column: expect.any(Number) });
  });

  test('of sound files exits with 0', async () => {
    const { code, stdout } = await runHere(['validate', '--mappings', purchaseMappings()]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 subscriptions')]);
  });

  test.each([
    ['a folder that is not there', join(tmpdir(), 'no-such-folder-here'), /--mappings/],
    ['an empty folder', mkdtempSync(join(tmpdir(), 'empty-')), /no \.json file/],
  ])('of %s says what to do and exits with 2', async (_name, path, says) => {
    const { code, stderr } = await runHere(['validate', '--mappings', path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

/** What of the product a command loads, as Node's coverage lists it. */
async function loadedBy(...parameters: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-loaded-'));
  try {
    await runProgram(parameters, { environment: { NODE_V8_COVERAGE: folder, META_ACCESS_TOKEN: 'a-token' } });
    const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    const urls = reports.flatMap(({ result }): string[] => result.map(({ url }: { readonly url: string }) => url));
    return urls.flatMap((url) => /\/((?:src|node_modules)\/.*)$/.exec(url)?.[1] ?? []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the help loads no command, and explain nothing that talks to a broker', async () => {
  const help = await loadedBy('--help');
  expect(help).toContain('src/cli/main.ts');
  expect(help.filter((path) => /^src\/(cli\/(?!command\/)\w+\/|connector|meta|kafka)/.test(path))).toEqual([]);
  const explain = await loadedBy('explain', 'examples/events/order-completed.json');
  expect(explain).toContain('src/explain/explain-event.ts');
  expect(explain.filter((path) => /node_modules\/(kafkajs|undici|fastify|prom-client)\//.test(path))).toEqual([]);
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(await runProgram(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test('colours are in the output where they are asked for, and only there', async () => {
  const parameters = ['test', 'mappings/presets/crm-leads.test.json'];
  const plain = await runProgram(parameters, { environment: { NO_COLOR: '1' } });
  expect(plain.stdout).not.toContain('\u001b');
  const coloured = await runProgram(parameters, { environment: { FORCE_COLOR: '1' } });
  expect(coloured.stdout).toContain('\u001b[32m  ok\u001b[39m');
});

describe('actions', () => {
  test('lists every action, and the fields of one', async () => {
    const all = JSON.parse((await runHere(['actions', '--json'])).stdout);
    expect(all.map(({ action }: { action: string }) => action)).toContain('purchase');
    const one = JSON.parse((await runHere(['actions', 'purchase', '--json'])).stdout);
    expect(one).toMatchObject({ action: 'purchase', fields: { value: { label: expect.any(String) } } });
    const page = await runHere(['actions', 'purchase']);
    expect([page.code, page.stdout]).toEqual([0, expect.stringContaining('default trigger: type = "track"')]);
  });

  test('suggests an action for a misspelt one and exits with 2', async () => {
    const { code, stderr } = await runHere(['actions', 'purchse']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "purchase"')]);
  });
});

describe('run', () => {
  const mappings = purchaseMappings();

  test.each([
    ['without brokers', {}, /KAFKA_BROKERS/],
    ['without topics', { KAFKA_BROKERS: '127.0.0.1:9' }, /KAFKA_TOPICS/],
    ['with a wrong number', { OPS_PORT: 'many' }, /OPS_PORT must be a whole number/],
    ['with a wrong start', { KAFKA_BROKERS: '127.0.0.1:9', KAFKA_TOPICS: 'x', KAFKA_FROM: 'soon' }, /KAFKA_FROM/],
    ['with two wrong settings', { OPS_PORT: 'many', LOG_LEVEL: 'loud' }, /OPS_PORT[\s\S]*LOG_LEVEL/],
  ])('%s names the setting and exits with 2', async (_name, environment, says) => {
    const { code, stderr } = await runProgram(['run', '--mappings', mappings], {
      environment: { META_ACCESS_TOKEN: 'a-test-token', ...environment },
    });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  test('without the token names the variable, before anything is read', async () => {
    const { code, stderr } = await runProgram(['run', '--mappings', mappings, '--source', '-'], { input: '' });
    expect(stderr).toContain('META_ACCESS_TOKEN');
    expect(code).toBe(2);
  });

  test('against a broker that is not there ends, names the setting and exits with 1', async () => {
    const { code, stderr } = await runProgram(['run', '--mappings', mappings], {
      environment: { META_ACCESS_TOKEN: 'a-test-token', KAFKA_BROKERS: '127.0.0.1:9', KAFKA_TOPICS: 'x' },
    });
    expect(stderr).toContain('KAFKA_BROKERS');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  test('--help lists the settings', async () => {
    const { code, stdout } = await runHere(['run', '--help']);
    expect(code).toBe(0);
    for (const name of ['KAFKA_BROKERS', 'META_GRAPH_URL', 'OPS_PORT', 'SHUTDOWN_TIMEOUT_MS'])
      expect(stdout).toContain(name);
  });
});

test('a command that is not there, or an option, exits with 2', async () => {
  expect((await runProgram(['walk'])).code).toBe(2);
  expect((await runProgram(['run', '--fast'])).code).toBe(2);
  expect((await runProgram(['--help'])).code).toBe(0);
});

test('the demo accounts for every event', async () => {
  demandEmbeddedBroker();
  const { code, stdout } = await runProgram(['demo', '--once', '--events', '300']);
  expect(stdout).not.toContain('✗');
  expect(stdout).toContain('✓ read: 300 of 300');
  expect(stdout).toMatch(/console {2}http:\/\/127\.0\.0\.1:\d+\/ /);
  expect(stdout).toMatch(/sandbox {2}http:\/\/127\.0\.0\.1:\d+\/_sandbox /);
  expect(code).toBe(0);
});
