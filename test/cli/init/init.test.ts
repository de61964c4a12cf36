import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samples } from '../../../examples/samples.ts';
import { createQuestions } from '../../../src/cli/init/questions.ts';
import { runHere } from '../../support/program-here.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meta-actions-init-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything about the person in the events that are looked at. */
const person = { email: 'grace.h@corp.example', phone: '+1 202 555 0187', firstName: 'Grace', lastName: 'Hopperton' };

function eventsFile(name: string, events: readonly object[]): string {
  const path = join(folder, name);
  const ofPerson = events.map((event, at) => ({
    ...event,
    messageId: `m-${at}`,
    userId: 'user-4711',
    context: { traits: person, ip: '198.51.100.23', page: { url: 'https://shop.example.com/?id=4711' } },
    timestamp: '2026-01-02T03:04:05Z',
  }));
  writeFileSync(path, ofPerson.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return path;
}

async function init(into: string, ...parameters: readonly string[]) {
  const target = join(folder, into);
  const { stdout, stderr, code } = await runHere(['init', target, ...parameters]);
  const files = () => (readdirSync(target, { recursive: true, encoding: 'utf8' }) as string[]).sort();
  const read = (name: string) => readFileSync(join(target, name), 'utf8');
  return { target, stdout, stderr, code, files, read };
}

function json(
  mapping: string,
): { readonly subscriptions: readonly Record<string, unknown>[] } & Record<string, unknown> {
  return JSON.parse(mapping.replaceAll(/^\s*\/\/.*$/gm, ''));
}

describe('meta-actions init', () => {
  const shop = [
    samples['Order Completed'],
    samples['Order Completed'],
    { ...samples['Order Completed'], properties: { total: 25 } },
    samples['Product Added'],
    samples['Trial Started'],
    { ...samples['Product Viewed'], event: 'product_viewed' },
    { type: 'page', properties: {} },
    { type: 'track', event: 'Newsletter Opened' },
    { type: 'track', event: 'Newsletter Opened' },
    { type: 'track', event: `Hello ${person.email}` },
  ].map((event) => ({ ...event }));

  it('proposes what fits the events of a file, shows what each would get, and writes nothing of the people', async () => {
    const events = eventsFile('shop.ndjson', shop);
    const { stdout, code, files, read, target } = await init('shop', '--events', events, '--pixel', '42');
    expect({ code, files: files() }).toEqual({
      code: 0,
      files: ['.env.example', 'mappings', 'mappings/web-shop.json', 'mappings/web-shop.test.json'],
    });
    expect(stdout).toMatch(/Purchase +3 events: 2 ready, 1 PURCHASE_CURRENCY_MISSING/);
    expect(stdout).toMatch(/Start Trial +1 event: 1 ready/);
    expect(stdout).toMatch(/2 track "Newsletter Opened"\n +1 track "\(a value\)"/);
    const { settings, subscriptions } = json(read('mappings/web-shop.json'));
    expect(settings).toMatchObject({ pixel_id: '42', access_token: { $env: 'META_ACCESS_TOKEN' } });
    expect(subscriptions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Purchase', 'Add to Cart', 'Page View', 'Start Trial', 'View Content']),
    );
    expect(subscriptions).toHaveLength(5);
    expect(subscriptions.find(({ name }) => name === 'View Content')).toMatchObject({
      trigger: 'type = "track" and event in ["Product Viewed", "product_viewed"]',
    });

    const tests = await runHere(['test', join(target, 'mappings')]);
    expect({ code: tests.code, last: tests.stdout.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/^\d+ passed, 0 failed$/),
    });
    for (const { name } of subscriptions) expect(read('mappings/web-shop.test.json')).toContain(`"${String(name)}"`);
    const all = [
      stdout,
      ...files()
        .filter((name) => name !== 'mappings')
        .map(read),
    ].join('');
    for (const secret of [...Object.values(person), '198.51.100.23', '4711']) expect(all).not.toContain(secret);

    const valid = await runHere(['validate', '--mappings', join(target, 'mappings')]);
    expect(valid).toMatchObject({ code: 0, stdout: expect.stringContaining('0 errors, 0 warnings') });
  });

  it('writes over nothing unless told to, and then all or nothing', async () => {
    const first = await init('twice', '--name', 'one');
    expect(first.code).toBe(0);
    writeFileSync(join(first.target, 'mappings/one.json'), 'mine');
    const second = await init('twice', '--name', 'one');
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('--force');
    expect(second.read('mappings/one.json')).toBe('mine');
    expect((await init('twice', '--name', 'one', '--force')).read('mappings/one.json')).not.toBe('mine');
  });

  it('tells what the records are, and proposes audiences only where they are for audiences', async () => {
    const presets = resolve(import.meta.dirname, '../../../examples/events/presets');
    const cdc = await init('cdc', '--events', join(presets, 'audience-cdc.ndjson'), '--ad-account', '7');
    expect(json(cdc.read('mappings/audience-cdc.json'))).toMatchObject({ settings: { ad_account_id: '7' } });
    expect(cdc.read('.env.example')).toContain('RECORDS=debezium');
    const rows = await init('rows', '--json', '--events', join(presets, 'snowplow.ndjson'));
    expect(JSON.parse(rows.stdout)).toMatchObject({
      records: 'rows',
      subscriptions: [{ name: 'Pages' }, { name: 'Carts' }, { name: 'Orders' }],
    });
  });

  it('says what there is where no preset knows it, and what to do', async () => {
    const events = eventsFile('unknown.ndjson', [{ type: 'track', event: 'Newsletter Opened' }]);
    const { stderr, code } = await init('unknown', '--events', events);
    expect(code).toBe(1);
    expect(stderr).toContain('track Newsletter Opened');
    expect(stderr).toContain('--preset (app-events');
    const misspelt = await init('unknown', '--events', events, '--preset', 'web-shpo');
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "web-shop"') });
  });

  it('names the place that it can not write to', async () => {
    const file = eventsFile('no-folder', []);
    const { stderr, code, target } = await init('no-folder/shop', '--yes');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`The folder ${target} has a file`) });
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

describe('questions', () => {
  it('are asked again until the answer will do, and take the default for nothing', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const questions = createQuestions({ input, output });
    const shown = text(output);
    input.write('abc\n');
    const id = questions.ask('Id', '1', (typed) => (/^\d+$/.test(typed) ? undefined : 'a number, please'));
    setImmediate(() => input.write('42\n'));
    expect(await id).toBe('42');
    setImmediate(() => input.write('\n'));
    expect(await questions.ask('Name', 'shop')).toBe('shop');
    questions.close();
    output.end();
    expect(await shown).toContain('Id [1]: ');
  });
});
