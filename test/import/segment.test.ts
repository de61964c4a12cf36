import { describe, expect, test } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { readInput } from '../../src/import/read-input.ts';
import { hashIdentifier } from '../../src/identity/identify.ts';
import { imported, importedSample } from '../support/imported.ts';

function subscriptions(count: number, disabled: number): string {
  return JSON.stringify({
    subscriptions: Array.from({ length: count }, (_, index) => ({
      name: `Orders of shop ${index}`,
      actionSlug: 'purchase',
      enabled: index >= disabled,
      trigger: `type = "track" and event = "Order of shop ${index}"`,
      settings: { action_source: 'website', value: { '@path': '$.properties.total' } },
    })),
  });
}

const one = (more: object) =>
  readInput(
    'one.json',
    JSON.stringify({
      subscriptions: [
        {
          name: 'Orders',
          actionSlug: 'purchase',
          enabled: true,
          trigger: 'type = "track" and event = "Order Completed"',
          settings: {},
          ...more,
        },
      ],
    }),
  );
const fates = ({ entries }: ReturnType<typeof imported>, path: string) =>
  entries.filter((entry) => entry.path.endsWith(path)).map(({ fate }) => fate);

describe("an export of Segment's Git sync", () => {
  const found = importedSample('segment', 'git-sync');

  test('sends of an order what its mapping says, and nothing that it does not say', () => {
    expect(found.body('Purchase', 'Order Completed')).toEqual({
      event_name: 'Purchase',
      event_time: 1795176000,
      event_id: 'sample-order-completed',
      action_source: 'website',
      event_source_url: 'https://shop.example.com/mugs/7',
      user_data: {
        em: [hashIdentifier('em', 'ada@example.com')],
        ph: [hashIdentifier('ph', '+44 161 496 0001')],
        external_id: [hashIdentifier('external_id', 'u-1')],
        client_ip_address: '203.0.113.7',
        client_user_agent: expect.stringContaining('Firefox'),
      },
      custom_data: {
        // The mapping asks for revenue, which the sample has not: what the products add up to.
        value: 25,
        currency: 'GBP',
        content_ids: ['mug-7'],
        contents: [{ id: 'mug-7', item_price: 12.5, quantity: 2 }],
        content_type: 'product',
        num_items: 2,
      },
    });
  });

  test('reads settings from a heredoc, with limited data use', () => {
    expect(found.body('Custom Event', 'Signed Up')).toMatchObject({
      event_name: 'CompleteRegistration',
      data_processing_options: ['LDU'],
      data_processing_options_country: 1,
      data_processing_options_state: 1000,
      custom_data: { method: 'email' },
    });
  });

  test('carries a subscription that is off over as off', () => {
    const [destination] = found.destinations;
    expect(destination?.subscriptions.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['Add to Cart', false],
      ['Purchase', true],
      ['Custom Event', true],
    ]);
    expect(found.explain('Product Added').deliveries).toEqual([]);
  });

  test('shows with an event where a trigger means something else', () => {
    const entry = found.entries.find(({ path }) => path.endsWith('orders.trigger'));
    expect(entry).toMatchObject({ fate: 'changed', place: { line: 48, column: 13 } });
    const shown = { ...samples['Order Completed'], ...entry?.example };
    expect(found.explain(shown).skipped.map(({ subscription }) => subscription)).not.toContain('Purchase');
  });

  test('keeps the defaults where that is asked for', () => {
    const { user_data: person } = importedSample('segment', 'git-sync', true).body('Purchase', 'Order Completed');
    expect(person).toMatchObject({ fn: [hashIdentifier('fn', 'Ada')] });
  });
});

describe("an answer of Segment's Public API", () => {
  const found = importedSample('segment', 'public-api.json');

  test('has actions by their slugs, and by those of the catalog', () => {
    expect(found.destinations[0]?.subscriptions.map(({ action }) => action)).toEqual(['purchase', 'search']);
  });

  test('sends app data and the advertising id', () => {
    const context = {
      ...(samples['Application Opened']?.['context'] as object),
      traits: { email: 'ada@example.com' },
      device: { model: 'iPhone17,1', advertisingId: 'AB1234CD-E123-12FG-J123', adTrackingEnabled: true },
    };
    expect(found.body('App orders', { ...samples['Order Completed'], context })).toMatchObject({
      action_source: 'app',
      user_data: { madid: 'ab1234cd-e123-12fg-j123' },
      app_data: { advertiser_tracking_enabled: true, application_tracking_enabled: true },
    });
  });

  test('names an action that there is not, and goes on', () => {
    const unknown = found.entries.filter(({ fate }) => fate === 'decision');
    expect(unknown.map(({ path }) => path)).toEqual(['data.subscriptions[2]']);
    expect(unknown[0]?.reason).toContain('A webhook');
  });

  test('sends a search as it is written', () => {
    const event = { ...samples['Products Searched'], properties: { query: 'blue+mug' } };
    expect(found.body('Searches', event)).toMatchObject({ custom_data: { search_string: 'blue mug' } });
  });
});

describe("Terraform of somebody's own, of audiences", () => {
  const found = importedSample('segment', 'audiences.tf');

  test('adds and removes people by external ids as they are, and asks what the audience was filled with', () => {
    const event = (isMember: boolean) => ({
      type: 'identify',
      userId: 'u-1',
      messageId: 'm-1',
      traits: { email: 'ada@example.com', loyal: isMember, name: { first: 'Ada' } },
      context: { personas: { computation_key: 'loyal', external_audience_id: '120200000000000001' } },
    });
    const methods = [true, false].map((isMember) => found.explain(event(isMember)).deliveries[0]?.request);
    expect(methods.map((request) => [request?.method, request?.path])).toEqual([
      ['POST', '/v27.0/120200000000000001/users'],
      ['DELETE', '/v27.0/120200000000000001/users'],
    ]);
    expect(methods[0]?.body).toMatchObject({ payload: { data: [expect.arrayContaining(['u-1'])] } });
    const asked = found.entries.filter(({ fate, to }) => fate === 'decision' && to === 'external_id');
    expect(asked).toHaveLength(2);
  });

  test('leaves off what the export does not say to be on', () => {
    const rows = found.destinations[0]?.subscriptions[1];
    expect(rows).toMatchObject({ enabled: false, mapping: { audience_id: '120200000000000007', em: null } });
  });

  test('tells where an expression stands', () => {
    const unread = found.entries.find(({ path }) => path.endsWith('settings.email') && path.includes('rows'));
    expect(unread).toMatchObject({ fate: 'decision', place: { line: 43, column: 18 } });
    expect(unread?.reason).toContain('a variable');
  });

  test('copies no secret, and says where one stands', () => {
    expect(JSON.stringify(found)).not.toContain('EAA');
    expect(found.destinations[0]?.settings['access_token']).toEqual({ $env: 'META_ACCESS_TOKEN' });
    const secret = found.entries.find(({ path }) => path.endsWith('accessToken'));
    expect(secret?.reason).toContain('clear text');
  });
});

describe('an import from Segment', () => {
  test('of 200 subscriptions has those 30 off that are off there', () => {
    const found = imported('segment', [readInput('many.json', subscriptions(200, 30))]);
    const listed = found.destinations.flatMap((each) => each.subscriptions);
    expect(listed).toHaveLength(200);
    expect(listed.filter(({ enabled }) => !enabled)).toHaveLength(30);
    const order = { ...samples['Order Completed'], event: 'Order of shop 29' };
    expect(found.explain(order).deliveries).toEqual([]);
    expect(found.explain({ ...order, event: 'Order of shop 30' }).deliveries).toHaveLength(1);
  });

  test.each([
    [{ trigger: 'type = ' }, '.trigger'],
    [{ settings: 'no JSON' }, '.settings'],
    [{ actionSlug: 'toString' }, 'subscriptions[0]'],
  ])('leaves a subscription out that it cannot read: %j', (more, path) => {
    const found = imported('segment', [one(more)]);
    expect(found.destinations).toEqual([]);
    expect(fates(found, path)).toEqual(['decision']);
  });

  test.each([
    [{ custom_data: { note: 'EAAexampleexampleexampleexample0001' } }, 'custom_data'],
    [{ value: { '@pth': '$.properties.total' } }, 'value'],
    [{ made_up: 1 }, 'made_up'],
    [{ user_data: { made_up: 1 } }, 'user_data.made_up'],
    [{ user_data: { '@template': '{{x}}' } }, 'user_data'],
  ])('leaves a field out that it cannot take: %j', (settings, path) => {
    const found = imported('segment', [one({ settings })]);
    expect(fates(found, `settings.${path}`)).toContain('decision');
    expect(JSON.stringify(found.destinations)).not.toContain('EAA');
    expect(found.destinations).toHaveLength(1);
  });

  test('shows with an event where and and or stand beside each other', () => {
    const mixed = 'type = "track" and event = "A" or event = "B"';
    const found = imported('segment', [one({ trigger: mixed })]);
    const entry = found.entries.find(({ path }) => path.endsWith('.trigger'));
    expect(entry).toMatchObject({ fate: 'changed', reason: expect.stringContaining('binds tighter') });
    // Joined by the last word, "or", it would take every track call.
    expect(entry?.example).toMatchObject({ type: 'track' });
    expect(found.explain(entry?.example ?? {}).deliveries).toEqual([]);
    const grouped = imported('segment', [one({ trigger: 'type = "track" and (event = "A" or event = "B")' })]);
    expect(fates(grouped, '.trigger')).toEqual(['carried']);
  });

  test('gives two subscriptions of one name names of their own', () => {
    const twins = JSON.parse(subscriptions(2, 0)) as { subscriptions: { name: string }[] };
    for (const each of twins.subscriptions) each.name = 'Orders';
    const found = imported('segment', [readInput('twins.json', JSON.stringify(twins))]);
    expect(found.explain({ ...samples['Order Completed'], event: 'Order of shop 1' }).deliveries).toMatchObject([
      { subscription: 'Orders (2)' },
    ]);
  });

  test('refuses files that hold nothing of it', () => {
    expect(() => imported('segment', [readInput('x.json', '{}')])).toThrow('there is nothing of segment');
  });
});

describe('a subscription whose destination is an expression', () => {
  const destination = (label: string, pixel: string, enabled: boolean) => `
resource "segment_destination" "${label}" {
  name     = "${label}"
  enabled  = ${enabled}
  settings = jsonencode({ pixelId = "${pixel}" })
}
`;
  const subscription = (label: string, expression: string) => `
resource "segment_destination_subscription" "${label}" {
  destination_id = ${expression}
  name           = "Purchase"
  action_id      = "x"
  enabled        = true
  trigger        = "type = \\"track\\" and event = \\"${label}\\""
  settings       = jsonencode({})
}
`;
  const both = destination('on', '111', true) + destination('off', '222', false);

  test('is of the one that it refers to, with its pixel and its switch', () => {
    const files =
      both + subscription('a', 'segment_destination.on.id') + subscription('b', 'segment_destination.off.id');
    const found = imported('segment', [readInput('all.tf', files)]);
    expect(
      found.destinations.map(({ enabled, settings, subscriptions: [first] }) => [
        enabled,
        settings['pixel_id'],
        first?.trigger,
      ]),
    ).toEqual([
      [true, '111', 'type = "track" and event = "a"'],
      [false, '222', 'type = "track" and event = "b"'],
    ]);
    expect(fates(found, 'destination_id')).toEqual(['changed', 'changed']);
  });

  test.each(['var.destination', 'segment_destination.on.id == "" ? "a" : "b"', 'local.ids.shop'])(
    'is off where that is not worked out: %s',
    (expression) => {
      const found = imported('segment', [readInput('all.tf', both + subscription('a', expression))]);
      expect(found.destinations.map(({ subscriptions: [first] }) => first?.enabled)).toEqual([false]);
      expect(fates(found, 'destination_id')).toEqual(['decision']);
    },
  );
});

test.each(['segment_destination_filter', 'segment_transformation', 'segment_insert_function_instance'])(
  'a %s needs a decision, since events that it leaves out would be sent',
  (type) => {
    const text = `resource "${type}" "no_tests" {\n  if = "event = 'Test'"\n  enabled = true\n}\n`;
    expect(fates(imported('segment', [readInput('rules.tf', text)]), 'no_tests')).toEqual(['decision']);
  },
);
