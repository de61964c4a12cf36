import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { samples } from '../../../examples/samples.ts';
import { runHere } from '../../support/program-here.ts';

/** Without a token: tests need none. */
const runTests = (...parameters: readonly string[]) => runHere(['test', ...parameters]);

function folderWith(tests: object, mappings: object = shop): string {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-tests-'));
  writeFileSync(join(folder, 'shop.json'), JSON.stringify(mappings, null, 2));
  writeFileSync(join(folder, 'shop.test.json'), JSON.stringify(tests, null, 2));
  return folder;
}

const shop = {
  name: 'shop',
  settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
  subscriptions: [
    {
      name: 'Orders',
      action: 'purchase',
      trigger: 'type = "track" and event = "Order Completed"',
      mapping: { value: { '@path': '$.properties.total' } },
    },
  ],
};

const order = { name: 'an order', sample: 'Order Completed' };

describe('meta-actions test', () => {
  it('runs the tests of the presets, whose triggers are all covered', async () => {
    const { stdout, stderr, code } = await runTests('mappings', '--coverage', '--require-coverage');
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/^\d+ passed, 0 failed$/),
    });
    const [, covered, of] = /triggers: (\d+) of (\d+)/.exec(stderr) ?? [];
    expect(Number(covered)).toBeGreaterThan(20);
    expect(covered).toBe(of);
  });

  it('refuses a filter that no test meets', async () => {
    const folder = folderWith({ tests: [{ ...order, expect: { sent: ['Orders'] } }] });
    expect(await runTests(folder, '--filter', 'order')).toMatchObject({ code: 0 });
    const { code, stderr } = await runTests(folder, '--filter', 'Order');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no test has this in its name')]);
  });

  it('names the place and the condition when a trigger is broken', async () => {
    const [orders] = shop.subscriptions;
    const broken = { ...shop, subscriptions: [{ ...orders, trigger: 'type = "track" and event = "Order Complete"' }] };
    const folder = folderWith({ tests: [{ ...order, expect: { sent: ['Orders'] } }] }, broken);
    const { stdout, code } = await runTests(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/shop\.test\.json:\d+:\d+: error: an order: "Orders" sends nothing/);
    expect(stdout).toContain('event = "Order Complete" (saw "Order Completed")');
  });

  const wrong: readonly (readonly [string, object, object, string])[] = [
    ['a subscription that sends too', {}, { sent: [] }, '"Orders" sends too'],
    ['another reason to skip', { sample: 'Page' }, { skipped: { Orders: 'consent' } }, 'is not skipped for "consent"'],
    [
      'another dead letter',
      { set: { 'properties.currency': null } },
      { rejected: { Orders: 'EVENT_TOO_OLD' } },
      'PURCHASE_CURRENCY_MISSING',
    ],
    ['another field', {}, { fields: { Orders: { value: 26 } } }, 'value is 25, expected 26'],
    ['another part of the body', {}, { body: { Orders: { 'custom_data.value': 26 } } }, 'custom_data.value is 25'],
    ['another hash', {}, { body: { Orders: { 'user_data.em[0]': { $hash: 'bob@example.com' } } } }, 'the hash of'],
    ['a part that is not there', {}, { body: { Orders: { 'custom_data.nothing': 1 } } }, 'is null, expected 1'],
    ['a warning', {}, { warnings: { Orders: ['X'] } }, 'warns of nothing'],
    ['no event', {}, { undecodable: 'INVALID_JSON' }, 'expected INVALID_JSON, found an event'],
    ['an unknown subscription', {}, { sent: ['Nobody', 'Orders'] }, 'no such subscription'],
  ];
  it('fails for whatever is not as expected', async () => {
    const tests = wrong.map(([name, given, expected]) => ({ ...order, ...given, name, expect: expected }));
    const { stdout, code } = await runTests(folderWith({ tests }));
    expect(code).toBe(1);
    for (const [name, , , told] of wrong)
      expect(stdout, name).toMatch(new RegExp(`: ${name}: .*${told.replaceAll(/[.[\]()"]/g, '.')}`));
    expect(stdout).toContain(`0 passed, ${wrong.length} failed`);
  });

  it('passes for what is as expected, the same hash by its plain value included', async () => {
    const tests = [
      {
        ...order,
        expect: {
          sent: ['Orders'],
          fields: { Orders: { value: 25 } },
          body: {
            Orders: {
              'custom_data.currency': 'GBP',
              'user_data.em[0]': { $hash: ' ADA@example.com' },
              'custom_data.nothing': null,
            },
          },
          warnings: { Orders: [] },
        },
      },
      { ...order, name: 'skipped', sample: 'Page', expect: { sent: [], skipped: { Orders: 'trigger' } } },
    ];
    expect((await runTests(folderWith({ tests }))).stdout).toContain('2 passed, 0 failed');
  });

  it('compares with a golden file, and writes it when told to', async () => {
    const event = { ...samples['Order Completed'], timestamp: '2026-01-02T03:04:05Z' };
    const folder = folderWith({ tests: [{ name: 'an order', event, expect: { golden: 'golden/order.json' } }] });
    expect((await runTests(folder)).stdout).toContain('write it with --update');
    expect((await runTests(folder, '--update')).code).toBe(0);
    expect((await runTests(folder)).code).toBe(0);
    const golden = join(folder, 'golden/order.json');
    writeFileSync(golden, readFileSync(golden, 'utf8').replace('"value": 25', '"value": 24'));
    const { stdout, code } = await runTests(folder);
    expect(code).toBe(1);
    expect(stdout).toContain('$.0.sent.custom_data.value is 25, was 24');
  });

  it('prints TAP and JUnit, with what a test is called made harmless', async () => {
    const tests = [
      { ...order, name: 'good', expect: { sent: ['Orders'] } },
      { ...order, name: 'bad <&"> # x', expect: { sent: [] } },
    ];
    const folder = folderWith({ tests });
    const tap = (await runTests(folder, '--format', 'tap')).stdout.split('\n');
    expect(tap.slice(0, 2)).toEqual(['TAP version 13', '1..2']);
    expect(tap.filter((line) => /^(not )?ok /.test(line)).map((line) => line.slice(0, 6))).toEqual([
      'ok 1 -',
      'not ok',
    ]);
    const junit = (await runTests(folder, '--format', 'junit')).stdout;
    expect(junit).toContain('tests="2" failures="1"');
    expect(junit).toContain('name="bad &lt;&amp;&quot;&gt; # x"');
  });

  it.each([
    ['a member that there is not', { tests: [{ ...order, expects: {} }] }, 'has no member'],
    ['no event', { tests: [{ name: 'x', expect: { sent: [] } }] }, 'has no event'],
    ['two events', { tests: [{ ...order, event: {}, expect: { sent: [] } }] }, 'has event and sample'],
    ['a time that is none', { now: 'yesterday', tests: [{ ...order, expect: { sent: [] } }] }, 'is no time'],
    [
      'a destination file that is missing',
      { mappings: 'no.json', tests: [{ ...order, expect: { sent: [] } }] },
      'no.json',
    ],
    [
      'an unknown sample',
      { tests: [{ name: 'x', sample: 'Order Complete', expect: { sent: [] } }] },
      'Order Completed',
    ],
  ])('says what is wrong with a test file: %s', async (_name, tests, told) => {
    const { stdout, stderr, code } = await runTests(folderWith(tests));
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(told);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('finds test files in the folders of a folder, and says so where there is none', async () => {
    const folder = folderWith({ tests: [{ ...order, expect: { sent: ['Orders'] } }] });
    expect((await runTests(join(folder, '..', folder.split('/').at(-1) ?? ''))).code).toBe(0);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(await runTests(empty)).toMatchObject({ code: 2, stderr: expect.stringContaining('NAME.test.json') });
  });
});
