import { describe, expect, test } from 'vitest';
import { compilePredicate } from '../../src/trigger/compile.ts';
import { lintTrigger } from '../../src/trigger/lint.ts';
import { printTrigger } from '../../src/trigger/print.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomEvent, randomTree, seededRandom } from './support/random-trigger.ts';

function warnings(text: string): readonly string[] {
  return lintTrigger(parseTree(text)).map(({ code, offset = 0, length = 0, fix }) => {
    const place = text.slice(offset, offset + length);
    return fix === undefined ? `${code}: ${place}` : `${code}: ${place} -> ${fix}`;
  });
}

describe('a trigger is warned about', () => {
  test.each([
    ['type = "track" and type = "page"', ['TRIGGER_NEVER_MATCHES: type = "track" and type = "page"']],
    ['event = "a" or event != "a"', ['TRIGGER_ALWAYS_MATCHES: event = "a" or event != "a"']],
    ['!(type = "page" and type = "screen")', ['TRIGGER_ALWAYS_MATCHES: !(type = "page" and type = "screen")']],
    [
      'properties.total > 5 and properties.total < 5',
      ['TRIGGER_NEVER_MATCHES: properties.total > 5 and properties.total < 5'],
    ],
    ['properties.total > "5"', ['TRIGGER_NEVER_MATCHES: properties.total > "5"']],
    ['event in []', ['TRIGGER_NEVER_MATCHES: event in []']],
    ['event in ["a"] and event in ["b"]', ['TRIGGER_NEVER_MATCHES: event in ["a"] and event in ["b"]']],
    ['length(event) = 3 and length(event) = 4', ['TRIGGER_NEVER_MATCHES: length(event) = 3 and length(event) = 4']],
    [
      'contains(event, "a") or !contains(event, "a")',
      ['TRIGGER_ALWAYS_MATCHES: contains(event, "a") or !contains(event, "a")'],
    ],
    ['"track"', ['TRIGGER_NEVER_MATCHES: "track"']],
    ['type = "track" or event = "a" and event = "b"', ['TRIGGER_NEVER_MATCHES: event = "a" and event = "b"']],
    ['type = "track" and (event = "a" or event != "a")', ['TRIGGER_ALWAYS_MATCHES: (event = "a" or event != "a")']],
    [
      Array.from({ length: 20 }, (_, number) => `properties.p${number} = 1`)
        .join(' and ')
        .concat(' and properties.p3 = 2'),
      [expect.stringMatching(/^TRIGGER_NEVER_MATCHES/)],
    ],
    ['type = "trak"', ['TRIGGER_UNKNOWN_TYPE: "trak" -> "track"']],
    [
      'type in ["Track", "page", "banana"]',
      ['TRIGGER_UNKNOWN_TYPE: "Track" -> "track"', 'TRIGGER_UNKNOWN_TYPE: "banana"'],
    ],
    ['"identfy" != type', ['TRIGGER_UNKNOWN_TYPE: "identfy" -> "identify"']],
    ['typeof(properties.a) = "boolean"', ['TRIGGER_UNKNOWN_TYPE_NAME: "boolean" -> "bool"']],
    [
      'properties.campaign_id = 120210000000000123 or userId in [1, 9007199254740993]',
      ['TRIGGER_INEXACT_NUMBER: 120210000000000123', 'TRIGGER_INEXACT_NUMBER: 9007199254740993'],
    ],
    ['propertis.total > 1', ['TRIGGER_UNKNOWN_FIELD: propertis.total -> properties.total']],
    ['propertes', ['TRIGGER_UNKNOWN_FIELD: propertes -> properties']],
    ['anonymousID = "a"', ['TRIGGER_UNKNOWN_FIELD: anonymousID -> anonymousId']],
    ['context.pag.url = "a"', ['TRIGGER_UNKNOWN_FIELD: context.pag.url -> context.page.url']],
    ['context.useragent = "a"', ['TRIGGER_UNKNOWN_FIELD: context.useragent -> context.userAgent']],
    ['properties.gift = TRUE', ['TRIGGER_UNKNOWN_FIELD: TRUE -> true']],
    ['contains(event, Order)', ['TRIGGER_UNKNOWN_FIELD: Order -> "Order"']],
    ['type = "identify" and properties.plan = "a"', ['TRIGGER_UNKNOWN_FIELD: properties.plan -> traits.plan']],
    ['type = "page" and event = "Home"', ['TRIGGER_UNKNOWN_FIELD: event -> name']],
    ['type = "track" and previousId != null', ['TRIGGER_UNKNOWN_FIELD: previousId']],
  ])('%s', (text, expected) => {
    expect(warnings(text)).toEqual(expected);
  });
});

describe('a trigger is not warned about', () => {
  test.each([
    'true',
    'type = "track" and true',
    'type = "track" and event = "Order Completed"',
    'type = "track" or type = "identify"',
    'properties.total > 5 and properties.total < 6',
    'properties.total >= 5 and properties.total <= 5',
    'properties.a = 1 and properties.b = 2',
    'properties.a = 9007199254740991 and properties.b > 120210000000000123 and properties.c = "120210000000000123"',
    'properties.tags = ["a"]',
    'properties.tags = ["a"] and properties.tags != ["b"]',
    'properties.a = properties.b and properties.a != properties.c',
    'contains(event, "a") and contains(event, "b")',
    'match(event, "Order*") and event != "Order Refunded"',
    'event = null or properties.total = null',
    'type = "identify" and (traits.plan = "a" or context.traits.plan = "a")',
    'type = "track" and traits.email != null',
    'type = "track" or type = "identify" and properties.plan = "a"',
    'type = "screen" and event = "Home"',
    'tenant = "a" and shop_id != 5',
    'context.tenant.id = "a" and context.app.build > 3',
    'context.sources.job_run_id != null and context.amp.id != null and context.session.id != null',
    'metadata.source = "a" and message != null and users != null',
    'integrations.All = false',
    'properties.Order = "a" and properties.propertis = 1',
    'typeof(properties.a) = "bool" or typeof(properties.a) in ["list", "object"]',
    Array.from({ length: 3_000 }, (_, number) => `event = "E${number}"`).join(' or '),
  ])('%s', (text) => {
    expect(warnings(text)).toEqual([]);
  });
});

describe('a warning that a trigger never or always matches', () => {
  test('is contradicted by no event', () => {
    let warned = 0;
    for (let seed = 1; seed <= 5_000; seed += 1) {
      const random = seededRandom(seed);
      const tree = randomTree(random, 3);
      const [first] = lintTrigger({ ...tree, offset: -1 }).filter(({ offset }) => offset === -1);
      if (first?.code !== 'TRIGGER_NEVER_MATCHES' && first?.code !== 'TRIGGER_ALWAYS_MATCHES') continue;
      warned += 1;
      const matches = compilePredicate(tree);
      for (let count = 0; count < 20; count += 1) {
        const event = randomEvent(random);
        if (matches(event) === (first.code === 'TRIGGER_ALWAYS_MATCHES')) continue;
        throw new Error(`seed ${seed}: ${first.code}: ${printTrigger(tree)} on ${JSON.stringify(event)}`);
      }
    }
    expect(warned).toBeGreaterThan(500);
  });

  test('is looked for in no exponential time', () => {
    const texts = [
      Array.from({ length: 4_000 }, (_, number) => `a = ${number}`).join(' or '),
      Array.from({ length: 4_000 }, (_, number) => `a${number} = 1`).join(' or '),
      Array.from({ length: 300 }, (_, number) => `(a${number} = 1 or a${number + 1} = 1)`).join(' and '),
      `${'(a = 1 and (b = 2 or '.repeat(90)}c = 1${'))'.repeat(90)}`,
    ];
    // Combining all that is joined by "or" would never end.
    for (const text of texts) expect(lintTrigger(parseTree(text))).toBeDefined();
  });
});
