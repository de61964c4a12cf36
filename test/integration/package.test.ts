import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** Where somebody has installed the package, who has no clone. */
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meta-actions-package-'));
  cpSync(join(root, 'examples/own-action'), folder, { recursive: true });
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack wrote no tarball: ${packed.stdout}${packed.stderr}`);
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder, tarball)], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const metaActions = (...args: readonly string[]) => metaActionsWith({}, ...args);

async function metaActionsWith(more: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
  const program = join(folder, 'node_modules/.bin/meta-actions');
  const env = {
    ...process.env,
    META_ACCESS_TOKEN: 'package-test-token',
    KAFKA_BROKERS: undefined,
    OPS_PORT: '0',
    ...more,
  };
  return (await run(program, args, { cwd: folder, env, maxBuffer: 32 * 1024 * 1024 })).stdout;
}

describe('the package, installed without a clone', () => {
  it('plays the demo to its end, with every event accounted for', async () => {
    const shown = await metaActions('demo', '--once', '--events', '60');
    expect(shown).toContain('one of the requests:');
  });

  it('brings the presets, the schema for editors and the pages that its README links to', async () => {
    const brought = join(folder, 'node_modules/meta-actions');
    expect(readdirSync(join(brought, 'mappings/presets'))).toContain('web-shop.json');
    expect(readdirSync(join(brought, 'schema'))).toContain('destination.schema.json');
    expect(readdirSync(join(brought, 'docs'))).toContain('own-actions.md');
  });

  it('takes the first mapping of its README from validation to delivery', async () => {
    const readme = readFileSync(join(folder, 'node_modules/meta-actions/README.md'), 'utf8');
    const [, mapping = ''] = /^```json\n([\s\S]*?)^```$/m.exec(readme) ?? [];
    mkdirSync(join(folder, 'first'));
    writeFileSync(join(folder, 'first/web-store.json'), mapping);
    const order = { type: 'track', event: 'Order Completed', messageId: 'first-order', userId: 'user-1' };
    const page = { page: { url: 'https://shop.example/thanks' }, ip: '203.0.113.9', userAgent: 'Mozilla/5.0' };
    const properties = { order_id: 'o-1', total: 12.5, currency: 'EUR' };
    writeFileSync(join(folder, 'first.ndjson'), JSON.stringify({ ...order, context: page, properties }));
    expect(await metaActions('validate', '--mappings', 'first')).toContain('1 files are valid');
    expect(await metaActions('explain', 'first.ndjson', '--mappings', 'first')).toContain('Purchase');
    const sandbox = createSandbox();
    const graph = await sandbox.listen();
    onTestFinished(() => sandbox.close());
    const file = ['--mappings', 'first', '--source', 'file:first.ndjson', '--once'];
    expect(await metaActionsWith({ META_GRAPH_URL: graph }, 'run', ...file)).toMatch(/delivered: +1/);
    expect(sandbox.state.summary().events.unique).toBe(1);
  });

  it('runs an action of one’s own: its name, its default trigger and its field', async () => {
    const explained = await metaActions('explain', 'events.ndjson', '--actions', 'actions', '--json');
    const [alert, view] = explained
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly deliveries: readonly { readonly body?: unknown }[] });
    expect(JSON.stringify(alert)).toContain('BackInStock');
    expect(JSON.stringify(alert)).toContain('mug-7');
    expect(JSON.stringify(view)).not.toContain('BackInStock');
  });

  it('refuses an action of one’s own that has the name of one of the product', async () => {
    cpSync(join(folder, 'actions'), join(folder, 'taken'), { recursive: true });
    cpSync(join(folder, 'actions/back-in-stock.js'), join(folder, 'taken/purchase.js'));
    const refused = metaActions('validate', '--actions', 'taken');
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Give the file another name'),
    });
  });

  it('has types that hold under strict, those of its dependencies included', async () => {
    writeFileSync(
      join(folder, 'own.ts'),
      `import { createConnector, defineAction, compileAction, loadBuiltInActions, loadDestination, readSettings, buildConversion, conversionFields, eventName } from 'meta-actions';
const mine = defineAction({ title: 'Mine', description: 'Mine.', fields: { ...conversionFields, event_name: eventName('Mine') }, toPayload: buildConversion });
const actions = [...(await loadBuiltInActions()).values(), compileAction('mine', mine)];
const destination = await loadDestination('mappings/shop.json', { actions });
const connector = createConnector({ settings: readSettings({}), destinations: [destination], source: '-' });
await connector.stop();
`,
    );
    const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--exactOptionalPropertyTypes'];
    const modules = ['--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024', '--types', 'node'];
    const types = ['--typeRoots', join(root, 'node_modules/@types')];
    await run(join(root, 'node_modules/.bin/tsc'), [...strict, ...modules, ...types, 'own.ts'], { cwd: folder });
  });
});
