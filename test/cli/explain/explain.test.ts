import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../actions/run-action.ts';
import { runHere } from '../../support/program-here.ts';

const person = {
  email: ' Ann.Lee@Example.com ',
  phone: '+1 (503) 555-0147',
  firstName: 'Annabella',
  address: { city: 'Portland', postalCode: '97205' },
};

const order = (messageId: string, more: object = {}) => ({
  type: 'track',
  event: 'Order Completed',
  messageId,
  userId: 'customer-7781',
  context: { traits: person, page: { url: 'https://shop.example.com/thanks' } },
  properties: { total: 25, currency: 'EUR', contact: 'annabella.lee@example.org', ...more },
});

const destination = {
  name: 'shop',
  settings: { pixel_id: '1', access_token: { $env: 'TOKEN' } },
  subscriptions: [
    {
      name: 'Orders',
      action: 'purchase',
      trigger: 'type = "track" and event = "Order Completed" and traits.email = null and properties.total > 20',
      mapping: {
        order_id: { '@path': '$.properties.absent' },
        custom_data: { tier: 'gold', note: { '@path': '$.properties.contact' } },
      },
    },
    { name: 'Regulars', action: 'custom-event', trigger: 'context.traits.email = "someone@else.example"' },
    { name: 'Pages', action: 'page-view' },
  ],
};

/** Every way in which the person of the orders could be recognised. */
const secrets = /Ann\.Lee|ann\.lee|annabella|503|555|portland|97205|customer-7781/i;

describe('explain', () => {
  let folder: string;
  let mappings: string;
  const environment = { TOKEN: 'a-test-token' };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'explain-'));
    mappings = join(folder, 'shop.json');
    writeFileSync(mappings, JSON.stringify(destination));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function explain(events: readonly unknown[], ...options: readonly string[]) {
    const input = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))).join('\n');
    return runHere(['explain', '-', '--mappings', mappings, ...options], { input, environment });
  }

  async function explainAsJson(events: readonly unknown[], ...options: readonly string[]) {
    const { code, stdout } = await explain(events, '--json', ...options);
    expect(code).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  test('prints one line per event with what would be sent and what would not', async () => {
    const [line, ...others] = await explainAsJson([order('m-1')]);
    expect(others).toEqual([]);
    expect(Object.keys(line)).toEqual(['event', 'deliveries', 'skipped']);
    expect(line.event).toEqual({ index: 0, type: 'track', event: 'Order Completed', messageId: 'm-1' });
    const [delivery] = line.deliveries;
    expect(Object.keys(delivery)).toEqual(['destination', 'subscription', 'action', 'status', 'request', 'warnings']);
    expect(delivery).toMatchObject({
      destination: 'shop',
      subscription: 'Orders',
      action: 'purchase',
      status: 'ready',
      request: {
        method: 'POST',
        path: '/v27.0/1/events',
        body: { data: [{ event_name: 'Purchase', event_id: 'm-1' }] },
      },
    });
    expect(line.skipped).toEqual([
      { destination: 'shop', subscription: 'Regulars', reason: 'trigger' },
      { destination: 'shop', subscription: 'Pages', reason: 'trigger' },
    ]);
  });

  test('of 1,000 lines prints exactly 1,000, and goes on after a broken one', async () => {
    const events: unknown[] = Array.from({ length: 1000 }, (_, index) => order(`m-${index}`));
    events[300] = '{"type": "track", ';
    events[600] = { no: 'type' };
    events[900] = order('m-900', { currency: null });
    const lines = await explainAsJson(events);
    expect(lines.map(({ event }) => event.index)).toEqual(events.map((_, index) => index));
    expect(lines[300]).toMatchObject({ error: { code: 'NOT_JSON' }, deliveries: [], skipped: [] });
    expect(lines[600]).toMatchObject({ error: { code: 'NOT_AN_EVENT' } });
    expect(lines[900].deliveries[0]).toMatchObject({
      status: 'rejected',
      error: { code: 'PURCHASE_CURRENCY_MISSING', field: 'currency', message: expect.any(String) },
    });
    expect(lines[900].deliveries[0]).not.toHaveProperty('request');
    expect(lines[999].deliveries[0].status).toBe('ready');
  });

  test('--verbose adds how each trigger came out and where each field comes from', async () => {
    const [{ deliveries, skipped }] = await explainAsJson([order('m-1')], '--verbose');
    const { trigger, fields } = deliveries[0];
    expect(trigger).toMatchObject({ kind: 'and', matched: true });
    expect(trigger.parts[3]).toMatchObject({ text: 'properties.total > 20', saw: [25, 20] });
    expect(fields).toMatchObject({
      event_name: { from: 'default', value: 'Purchase' },
      value: { from: 'default', value: 25 },
      custom_data: { from: 'mapping', value: { tier: 'gold' } },
    });
    expect(fields.order_id).toEqual({ from: 'mapping' });
    expect(fields).not.toHaveProperty('fbp');
    expect(skipped[1].trigger).toMatchObject({ text: 'type = "page"', matched: false, saw: ['track', 'page'] });
  });

  test('shows nothing of a person but what is in the body', async () => {
    const [line] = await explainAsJson([order('m-1')], '--verbose');
    const { request, ...delivery } = line.deliveries[0];
    expect(JSON.stringify({ ...line, deliveries: [delivery] })).not.toMatch(secrets);
    expect(delivery.fields.em).toEqual({ from: 'default', value: '[hidden]' });
    expect(line.skipped[0].trigger.saw).toEqual(['[hidden]', 'someone@else.example']);
    const { stdout } = await explain([order('m-1')]);
    const outsideBodies = stdout.replace(/^ +body\n(^ {8}.*\n)+/gm, '');
    expect(outsideBodies).toContain('Regulars');
    expect(outsideBodies).not.toMatch(secrets);
  });

  test('shows nothing in the name of an event or its id, nor what would be taken out of custom data', async () => {
    const somebody = {
      ...order('of-carla@example.org', {
        customer: { name: 'Carla Ruiz' },
        note: 'please call 0049 151 12345678',
        state: '{"firstName":"Carla"}',
        link: 'https://shop.example/?first_name=Carla&step=2',
        card: 4_111_111_111_111_111,
        password: 'carlas-password',
      }),
      event: 'Bought by carla@example.org',
    };
    const members = ['customer.name', 'note', 'state', 'link', 'card', 'password'];
    const trigger = ['event != "a"', ...members.map((member) => `properties.${member} != "b"`)].join(' and ');
    const mapping = { event_name: 'Bought', custom_data: { '@path': '$.properties' } };
    writeFileSync(
      join(folder, 'somebody.json'),
      JSON.stringify({ ...destination, subscriptions: [{ name: 'Bought', action: 'custom-event', trigger, mapping }] }),
    );
    const input = JSON.stringify(somebody);
    const shown = async (...options: readonly string[]) => {
      const { stdout } = await runHere(['explain', '-', ...options], { input, environment });
      return stdout.replace(/"body":.*?"warnings"/g, '').replace(/^ +body\n(^ {8}.*\n)+/gm, '');
    };
    const of = ['--mappings', join(folder, 'somebody.json')];
    const snippet = ['--trigger', trigger, '--mapping', JSON.stringify(mapping)];
    for (const options of [of, [...of, '--json', '--verbose'], snippet, [...snippet, '--json']]) {
      const text = await shown(...options);
      expect(text).toContain('[hidden]');
      expect(text).not.toMatch(/carla|12345678|4111/i);
    }
  });

  test('--show-identifiers adds the values of which the hashes in the body are', async () => {
    const [{ deliveries, skipped }] = await explainAsJson([order('m-1')], '--show-identifiers', '--verbose');
    const { identifiers, request } = deliveries[0];
    expect(identifiers).toMatchObject({ em: ['ann.lee@example.com'], ph: ['15035550147'], ct: ['portland'] });
    const user = request.body.data[0].user_data;
    for (const [field, values] of Object.entries<string[]>(identifiers))
      expect(user[field]).toEqual(values.map(sha256));
    expect(skipped[0].trigger.saw[0]).toBe(person.email);
  });

  test('--show-identifiers shows values that are hashed as they are given as they are given', async () => {
    const mapping = { audience_id: '1', membership: true, format: false, ph: null, zp: null, ct: null };
    const members = { name: 'members', settings: { access_token: { $env: 'TOKEN' }, ad_account_id: '1' } };
    const file = join(folder, 'members.json');
    const subscriptions = [{ name: 'Members', action: 'sync-audience', trigger: 'type = "track"', mapping }];
    writeFileSync(file, JSON.stringify({ ...members, subscriptions }));
    const input = JSON.stringify(order('m-1'));
    const { stdout } = await runHere(['explain', '-', '--mappings', file, '--json', '--show-identifiers'], {
      input,
      environment,
    });
    const [{ identifiers, request }] = JSON.parse(stdout).deliveries;
    expect(identifiers).toMatchObject({ em: [person.email], fn: [person.firstName] });
    const { schema, data } = request.body.payload;
    expect(data[0][schema.indexOf('EMAIL')]).toBe(sha256(identifiers.em[0]));
    expect(data[0][schema.indexOf('FN')]).toBe(sha256(identifiers.fn[0]));
  });

  test('for people shows the trigger, the fields with their origin, the body and the reasons', async () => {
    const { code, stdout } = await explain([order('m-1'), order('m-2', { currency: null }), 'no JSON']);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ Orders (purchase → shop): POST /v27.0/1/events');
    expect(stdout).toMatch(/✓ properties\.total > 20 +saw 25 > 20/);
    expect(stdout).toMatch(/value +25 +by default/);
    expect(stdout).toMatch(/order_id +\(nothing found\) +mapped/);
    expect(stdout).toMatch(/– Pages \(→ shop\): not sent \(trigger\)\n +✗ type = "page" +saw "track" = "page"/);
    expect(stdout).toMatch(/✗ Orders .*PURCHASE_CURRENCY_MISSING\]\n +fix: /);
    expect(stdout).toContain('event 2: not an event');
  });

  test('of a file that is not there, or of broken mappings, exits with 2', async () => {
    const missing = await runHere(['explain', join(folder, 'none.json'), '--mappings', mappings], { environment });
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("can't be read")]);
    writeFileSync(join(folder, 'broken.json'), '{');
    const broken = await runHere(['explain', '-', '--mappings', join(folder, 'broken.json')], { input: '{}' });
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('broken.json:1:')]);
  });
});

describe('explain of a snippet, without any mappings', () => {
  async function tried(events: readonly unknown[], ...options: readonly string[]) {
    const input = events.map((event) => JSON.stringify(event)).join('\n');
    const { code, stdout, stderr } = await runHere(['explain', '-', ...options], { input });
    return {
      code,
      stderr,
      stdout,
      lines: options.includes('--json')
        ? stdout
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
    };
  }

  test('a trigger says of each event whether it matches, and what it saw', async () => {
    const { lines } = await tried([order('m-1'), { type: 'page' }], '--trigger', 'properties.total > 20', '--json');
    expect(lines).toMatchObject([
      { event: { index: 0, messageId: 'm-1' }, matched: true, trigger: { saw: [25, 20] } },
      { event: { index: 1, type: 'page' }, matched: false, trigger: { saw: [null, 20] } },
    ]);
  });

  test('a mapping gives its result, of any JSON value', async () => {
    const mapping = '{"value": {"@path": "$.properties.total"}, "em": {"@path": "$.context.traits.email"}}';
    const { lines } = await tried([order('m-1'), { properties: { total: 0 } }], '--mapping', mapping, '--json');
    expect(lines.map(({ result }) => result)).toEqual([{ value: 25, em: '[hidden]' }, { value: 0 }]);
    const shown = await tried([order('m-1')], '--mapping', mapping, '--json', '--show-identifiers');
    expect(shown.lines[0].result.em).toBe(person.email);
  });

  test('what is made of an identifier is kept back too', async () => {
    const mapping =
      '{"a": {"@template": "Dear {{context.traits.firstName}}"}, "b": [{"@path": "$.userId"}], "c": "plain"}';
    const { stdout } = await tried([order('m-1')], '--mapping', mapping);
    expect(stdout).not.toMatch(secrets);
    expect(stdout).toContain('plain');
  });

  test('a wrong one names the place and exits with 2', async () => {
    const trigger = await tried([{}], '--trigger', 'event == "A"');
    expect([trigger.code, trigger.stderr]).toEqual([2, expect.stringMatching(/line 1, column 7: .*\n.*\n +\^/)]);
    const mapping = await tried([{}], '--mapping', '{"a": {"@pth": "x"}}');
    expect([mapping.code, mapping.stderr]).toEqual([2, expect.stringContaining('did you mean @path')]);
    const noJson = await tried([{}], '--mapping', '$.properties.total');
    expect([noJson.code, noJson.stderr]).toEqual([2, expect.stringContaining('--mapping is not JSON')]);
  });

  test('what is hardly meant is a warning on stderr', async () => {
    const { code, stderr } = await tried([{}], '--trigger', 'propertis.total > 1', '--mapping', '{"@path": "$.evnt"}');
    expect(code).toBe(0);
    expect(stderr).toContain('did you mean properties.total');
    expect(stderr).toContain('did you mean "event"');
  });
});
