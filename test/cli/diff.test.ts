import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { program, programEnvironment } from '../support/program.ts';

const shop = (trigger: string) => ({
  name: 'shop',
  settings: { pixel_id: '1', access_token: { $env: 'META_ACCESS_TOKEN' } },
  subscriptions: [{ name: 'Orders', action: 'purchase', trigger }],
});
const wide = shop('type = "track" and event = "Order Completed"');
const narrow = shop('type = "track" and event = "Order Completed" and properties.total > 100');

/** A repository whose last commit has the wide trigger, and whose files have the narrow one. */
function repository(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meta-actions-diff-test-')));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: folder });
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings/shop.json'), JSON.stringify(wide));
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'Wide');
  writeFileSync(join(folder, 'mappings/shop.json'), JSON.stringify(narrow));
  const events = [0, 1, 2].map((number) => ({ ...samples['Order Completed'], messageId: `o-${number}` }));
  writeFileSync(join(folder, 'events.ndjson'), events.map((event) => JSON.stringify(event)).join('\n'));
  return folder;
}

async function diff(cwd: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [program, 'diff', ...args], { cwd, env: programEnvironment() });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on('close', done)),
  ]);
  return { stdout, stderr, code };
}

describe.concurrent('meta-actions diff', () => {
  it('compares with a Git revision, and a gate fails the build', async () => {
    const folder = repository();
    const given = ['HEAD:mappings', 'mappings', '--events', 'events.ndjson'];
    const { stdout, stderr, code } = await diff(folder, ...given, '--fail-on', 'lost>0', '--html', 'report.html');
    expect(stdout).toContain('shop/Orders: events lost: 3 ->');
    expect(stderr).toContain('fails: shop/Orders: lost>0');
    expect(code).toBe(1);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<td>events lost</td>');
    expect((await diff(folder, ...given, '--fail-on', 'gained>0')).code).toBe(0);
  });

  it('finds no difference of the same configuration', async () => {
    const { stdout, code } = await diff(repository(), 'mappings', 'mappings', '--events', 'events.ndjson');
    expect(stdout).toContain('no difference');
    expect(code).toBe(0);
  });

  it('prints JSON and Markdown', async () => {
    const folder = repository();
    const given = ['HEAD:mappings', 'mappings', '--events', 'events.ndjson'];
    expect(JSON.parse((await diff(folder, ...given, '--json')).stdout)).toMatchObject({ same: false, records: 3 });
    expect((await diff(folder, ...given, '--markdown')).stdout).toContain('| shop/Orders | events lost | 3 |');
  });

  it('compares dead letters in a file, each of the subscription that failed and once, but those without their value', async () => {
    const folder = repository();
    const letter = (offset: number, more: object = {}) => ({
      ...{
        topic: 'orders',
        partition: 0,
        offset,
        timestamp: 1_700_000_000_000,
        key: null,
        written_at: 1_700_000_000_000,
      },
      value: JSON.stringify({ ...samples['Order Completed'], messageId: `o-${offset}` }),
      error: { code: 'EVENT_TOO_OLD', message: 'too old', destination: 'shop', subscription: 'Orders' },
      ...more,
    });
    const of = (subscription: string) => ({ error: { ...letter(0).error, subscription } });
    const letters = [
      letter(1),
      letter(1, { error: { ...letter(1).error, hops: 2 } }),
      letter(2),
      letter(3, of('Gone')),
      letter(4, { value: '', headers: { 'meta-actions.value-omitted': 'true' } }),
    ];
    writeFileSync(join(folder, 'letters.ndjson'), letters.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const given = ['HEAD:mappings', 'mappings', '--dead-letters', 'file:letters.ndjson', '--json'];
    const { stdout, code } = await diff(folder, ...given);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      records: 3,
      notes: ['1 dead letters hold no value and were not compared'],
      subscriptions: [{ subscription: 'Orders', lost: 2 }],
      ofOthers: 1,
    });
  });

  it.each([
    ['a revision without the folder', ['HEAD:nothing', 'mappings'], 'neither a path nor REVISION:PATH'],
    ['an unknown revision', ['v9:mappings', 'mappings'], 'neither a path nor REVISION:PATH'],
    ['an option in place of a revision', ['--output=x:mappings', 'mappings'], "unknown option '--output=x:mappings'"],
    ['a path that is not there', ['nowhere', 'mappings'], 'no mappings at nowhere'],
    ['two histories', ['mappings', 'mappings', '--source', 'kafka'], 'name one history'],
    ['a start without a topic', ['mappings', 'mappings', '--from', '7d'], '--from goes with --source kafka'],
    ['a gate that is none', ['mappings', 'mappings', '--fail-on', 'money>0'], 'write lost>0'],
  ])('says what is wrong with %s', async (_name, given, told) => {
    const { stderr, code } = await diff(repository(), ...given, '--events', 'events.ndjson');
    expect(stderr).toContain(told);
    expect(code).toBe(2);
  });

  it('says that no connector answers whose mappings are asked for', async () => {
    const { stderr, code } = await diff(
      repository(),
      'running',
      'mappings',
      '--url',
      'http://127.0.0.1:9',
      '--events',
      'events.ndjson',
    );
    expect(stderr).toContain('no connector answers at http://127.0.0.1:9');
    expect(code).toBe(1);
  });
});
